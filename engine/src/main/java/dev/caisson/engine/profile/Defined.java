package dev.caisson.engine.profile;

import java.util.Map;

/**
 * A shape that the schema defines once and refers to by name.
 *
 * @param name the definition's name
 * @param shape the shape
 */
record Defined<T>(String name, Shape<T> shape) implements Shape<T> {

    @Override
    public T read(Node node) {
        return shape.read(node);
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.of("$ref", "#/$defs/" + name);
    }
}
