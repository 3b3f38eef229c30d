package dev.caisson.engine.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Pieces of JSON Schema, whose keys keep their order. */
final class Schemas {

    /** A scalar, taken as it is written: {@code command: [sleep, 10]} needs no quotes. */
    static final Map<String, Object> TEXT = Map.of("type", List.of("string", "number", "boolean"));

    private Schemas() {}

    /** A schema of keywords and their values, in turn. */
    static Map<String, Object> of(Object... keywords) {
        Map<String, Object> schema = new LinkedHashMap<>();
        for (int i = 0; i < keywords.length; i += 2) {
            schema.put((String) keywords[i], keywords[i + 1]);
        }
        return schema;
    }

    /** Text of a certain form, which may look like a number or a boolean if that has this form. */
    static Map<String, Object> text(String pattern) {
        Pattern form = Pattern.compile(pattern);
        List<String> types = new ArrayList<>(List.of("string"));
        if (form.matcher("22").matches()) {
            types.add("integer");
        }
        if (form.matcher("1.5").matches()) {
            types.add("number");
        }
        if (form.matcher("true").matches()) {
            types.add("boolean");
        }
        return of("type", types, "pattern", "^(" + pattern + ")$");
    }

    /** Text of a certain form, unless it is a number. */
    static Map<String, Object> textOrInteger(String pattern, long minimum) {
        return of("type", List.of("string", "integer"), "pattern", "^(" + pattern + ")$", "minimum", minimum);
    }

    /** One of several. */
    static Map<String, Object> anyOf(List<Map<String, Object>> schemas) {
        return of("anyOf", schemas);
    }

    /** The same, or null. */
    static Map<String, Object> orNull(Map<String, Object> schema) {
        if (schema.containsKey("$ref")) {
            return anyOf(List.of(schema, Map.of("type", "null")));
        }
        Map<String, Object> nullable = new LinkedHashMap<>(schema);
        nullable.computeIfPresent(
                "type", (keyword, type) -> plus(type instanceof List<?> types ? types : List.of(type), "null"));
        nullable.computeIfPresent("enum", (keyword, values) -> plus((List<?>) values, null));
        nullable.computeIfPresent("anyOf", (keyword, schemas) -> plus((List<?>) schemas, Map.of("type", "null")));
        return nullable;
    }

    private static List<@Nullable Object> plus(List<?> list, @Nullable Object item) {
        List<@Nullable Object> longer = new ArrayList<>(list);
        longer.remove(item);
        longer.add(item);
        return longer;
    }
}
