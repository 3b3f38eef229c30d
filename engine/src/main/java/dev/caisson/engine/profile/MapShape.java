package dev.caisson.engine.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A mapping with keys of the user's own.
 *
 * @param key how its keys are written
 * @param value how its values are written
 */
record MapShape<T>(ScalarShape<String> key, Shape<T> value) implements Shape<Map<String, T>> {

    @Override
    public Map<String, T> read(Node node) {
        Map<String, T> values = new LinkedHashMap<>();
        readAll(node).forEach((name, present) -> present.ifPresent(item -> values.put(name, item)));
        return values;
    }

    /** All keys, also those that are {@code null}: what they would inherit is taken back. */
    Map<String, Optional<T>> readAll(Node node) {
        if (!(node instanceof Node.Mapping mapping)) {
            throw node.mark().error("expected a mapping, found " + node.describe() + "; write lines of key: value");
        }
        Map<String, Optional<T>> values = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> {
            key.read(new Node.Scalar(entry.key(), Node.Kind.STRING, name));
            values.put(name, entry.value().isNull() ? Optional.empty() : Optional.of(value.read(entry.value())));
        });
        return values;
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = Schemas.of("type", "object");
        Object pattern = key.schema().get("pattern");
        if (pattern != null) {
            schema.put("propertyNames", Schemas.of("pattern", pattern));
        }
        schema.put("additionalProperties", Schemas.orNull(value.schema()));
        return schema;
    }
}
