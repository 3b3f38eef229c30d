package dev.caisson.engine.profile;

import org.jspecify.annotations.Nullable;

/**
 * A key of a section: one row of the table from which reading, errors and the JSON Schema come.
 *
 * @param name the key
 * @param shape how its value is written
 * @param description what it is for; a sentence for users, who see it in their editor
 * @param fallback its value when it is not there; null for none
 * @param written the fallback as a user would write it; null for none
 * @param remedy what helps when it is required and missing; empty if it is not required
 */
record Key<T>(
        String name,
        Shape<T> shape,
        String description,
        @Nullable T fallback,
        @Nullable Object written,
        String remedy) {

    /** A key that may be missing. */
    static <T> Key<T> optional(String name, Shape<T> shape, String description) {
        return new Key<>(name, shape, description, null, null, "");
    }

    /** A key with a default. */
    static <T> Key<T> of(String name, Shape<T> shape, T fallback, Object written, String description) {
        return new Key<>(name, shape, description, fallback, written, "");
    }

    /** A key with a default that is written as it is. */
    static <T> Key<T> of(String name, Shape<T> shape, T fallback, String description) {
        return of(name, shape, fallback, fallback, description);
    }

    /** A key that must be there. */
    static <T> Key<T> required(String name, Shape<T> shape, String remedy, String description) {
        return new Key<>(name, shape, description, null, null, remedy);
    }
}
