package dev.caisson.engine.profile;

import dev.caisson.api.ProfileException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The keys and values of one section that is being read. A key that is {@code null} is not there. */
final class Fields {

    private final Node.Mapping mapping;

    Fields(Node.Mapping mapping) {
        this.mapping = mapping;
    }

    /** Where the section was written. */
    Mark mark() {
        return mapping.mark();
    }

    /** A value, or its default. */
    <T> T get(Key<T> key) {
        T value = find(key);
        if (value == null && !key.remedy().isEmpty()) {
            throw mapping.mark().error(key.name() + " is missing; " + key.remedy());
        }
        return Objects.requireNonNullElseGet(value, () -> Objects.requireNonNull(key.fallback(), key.name()));
    }

    /** A value, or null if it is not there. */
    <T> @Nullable T find(Key<T> key) {
        Node node = node(key);
        return node == null ? null : key.shape().read(node);
    }

    /** A section, which is read without any keys if it is not there. */
    <T> T section(Key<T> key) {
        Node node = node(key);
        return key.shape().read(node == null ? Node.Mapping.empty(mapping.mark().key(key.name())) : node);
    }

    /** Whether the key is there. */
    boolean has(Key<?> key) {
        return node(key) != null;
    }

    /** An error about a value that is there; "problem; remedy". */
    ProfileException error(Key<?> key, String problem) {
        return Objects.requireNonNullElse(node(key), mapping).mark().error(problem);
    }

    private @Nullable Node node(Key<?> key) {
        Node.Entry entry = mapping.entries().get(key.name());
        return entry == null || (entry.value().isNull() && !(key.shape() instanceof TakesNull)) ? null : entry.value();
    }

    /** Marks a shape to which {@code null} is a value like others. */
    interface TakesNull {}
}
