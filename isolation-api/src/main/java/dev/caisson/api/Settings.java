package dev.caisson.api;

/**
 * What a profile says to one backend, not yet bound to the backend's own record.
 *
 * <p>Binding is strict: a key that the record has no component for, or a value of another type, is a {@link ProfileException} that names
 * file, line and column; so is an {@link IllegalArgumentException} that the record's constructor throws, whose message says what is
 * wrong and, after a semicolon, what helps. A component that the profile does not mention is null (so it is declared {@code @Nullable},
 * or given a default in the record's compact constructor); lists, sets and maps that it does not mention are empty.
 *
 * <p>Components may be strings, boxed numbers and booleans, enums ({@code KILL_PROCESS} is written {@code kill-process}), {@link
 * java.time.Duration} ("10s"), {@link java.nio.file.Path} (relative to the profile), {@link Size} ("64MiB"), lists and sets of those,
 * maps from strings to those, and records of those. A record with a public static method {@code parse(String)} may also be written as
 * the text that it takes. A component whose key is a word of Java's is named with an underscore at its end: {@code default_}.
 */
public interface Settings {

    /** Binds the settings to a record. */
    <T extends Record> T as(Class<T> type);

    /** Nothing said: every component is null or empty. */
    static Settings none() {
        return new FixedSettings(null);
    }

    /** Settings that were never written in a profile: exactly this record. */
    static Settings of(Record settings) {
        return new FixedSettings(settings);
    }
}
