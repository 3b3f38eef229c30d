package dev.caisson.engine.profile;

import java.util.Map;

/**
 * How a value is written in a profile: reads one, and describes itself to editors.
 *
 * @param <T> what it is in Java
 */
interface Shape<T> {

    /**
     * Reads a value.
     *
     * @throws dev.caisson.api.ProfileException if it is not written like this, at the place of what is wrong
     */
    T read(Node node);

    /** What may be written, as a <a href="https://json-schema.org/draft/2020-12">JSON Schema</a>. */
    Map<String, Object> schema();
}
