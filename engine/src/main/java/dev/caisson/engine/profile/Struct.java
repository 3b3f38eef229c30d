package dev.caisson.engine.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A mapping with known keys, and no others.
 *
 * @param keys what may be there, in the order of the documentation
 * @param build makes the value; an {@link IllegalArgumentException} is an error of the whole mapping
 * @param whole whether it stands where files do not merge, so that each must have the required keys
 */
record Struct<T>(List<Key<?>> keys, Function<Fields, T> build, boolean whole) implements Shape<T> {

    Struct {
        keys = List.copyOf(keys);
    }

    /** A section, whose keys may come from several files. */
    static <T> Struct<T> section(List<Key<?>> keys, Function<Fields, T> build) {
        return new Struct<>(keys, build, false);
    }

    @Override
    public T read(Node node) {
        if (!(node instanceof Node.Mapping mapping)) {
            throw node.mark()
                    .error("expected a mapping, found " + node.describe()
                            + "; write lines of key: value, with the keys " + String.join(", ", names()));
        }
        mapping.entries().forEach(this::requireKnown);
        try {
            return build.apply(new Fields(mapping));
        } catch (IllegalArgumentException e) {
            throw mapping.mark().error(String.valueOf(e.getMessage()));
        }
    }

    private void requireKnown(String name, Node.Entry entry) {
        if (!names().contains(name)) {
            String hint = pathTo(name)
                    .map(path -> "did you mean \"" + path + "\"?")
                    .orElseGet(() -> Nearest.hint(name, names()));
            throw entry.key().error("unknown key " + Quoted.of(name) + "; " + hint);
        }
    }

    private List<String> names() {
        return keys.stream().map(Key::name).toList();
    }

    /** The path of a key that belongs into a section below. */
    private Optional<String> pathTo(String name) {
        for (Key<?> key : keys) {
            if (key.name().equals(name)) {
                return Optional.of(name);
            }
            Optional<String> below = key.shape() instanceof Struct<?> section ? section.pathTo(name) : Optional.empty();
            if (below.isPresent()) {
                return Optional.of(key.name() + "." + below.get());
            }
        }
        return Optional.empty();
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Key<?> key : keys) {
            Map<String, Object> property = new LinkedHashMap<>();
            property.put("description", key.description());
            property.putAll(
                    key.remedy().isEmpty()
                            ? Schemas.orNull(key.shape().schema())
                            : key.shape().schema());
            if (key.written() != null) {
                property.put("default", key.written());
            }
            properties.put(key.name(), property);
        }
        Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "object"));
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        List<String> required = keys.stream()
                .filter(key -> !key.remedy().isEmpty())
                .map(Key::name)
                .toList();
        if (whole && !required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }
}
