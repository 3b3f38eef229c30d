package dev.caisson.api;

/**
 * What a profile says to one backend, not yet bound to the backend's own record.
 *
 * <p>Binding is strict: a key that the record has no component for, or a value of another type, is a {@link ProfileException} that names
 * file, line and column. A component that the profile does not mention is null (so it is declared {@code @Nullable}, or given a default
 * in the record's compact constructor); lists and maps that it does not mention are empty. Components may be strings, boxed numbers and
 * booleans, enums (in lower case), lists and maps of those, and records.
 */
public interface Settings {

    /** Binds the settings to a record. */
    <T extends Record> T as(Class<T> type);
}
