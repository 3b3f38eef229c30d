package dev.caisson.engine.profile;

import java.util.List;
import java.util.Map;

/**
 * The JSON Schema of profiles, made of the shapes that read them.
 *
 * <p>It describes one file. As a key that is required may come from a file that this one extends, or from the command line, only what
 * stands in lists, which never merge, has required keys.
 */
final class ProfileSchema {

    private static final List<Defined<?>> DEFINITIONS =
            List.of(SelectionShape.DEFINED, CapabilitiesShape.NAME, RlimitsShape.NUMBER, RlimitsShape.BYTES);

    private ProfileSchema() {}

    /** The schema, as JSON values. */
    static Map<String, Object> schema() {
        Map<String, Object> schema = Schemas.of(
                "$schema", "https://json-schema.org/draft/2020-12/schema",
                "$id", "urn:caisson:profile",
                "title", "Caisson profile",
                "description", "One profile file; keys that are required may come from a profile that it extends.");
        schema.putAll(ProfileShape.SHAPE.schema());
        Map<String, Object> definitions = Schemas.of();
        DEFINITIONS.forEach(
                defined -> definitions.put(defined.name(), defined.shape().schema()));
        schema.put("$defs", definitions);
        return schema;
    }
}
