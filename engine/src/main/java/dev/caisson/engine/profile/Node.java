package dev.caisson.engine.profile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a profile, which knows where it was written. */
sealed interface Node {

    /** Where it was written. */
    Mark mark();

    /** What it is, for "expected a size, found ...". */
    String describe();

    /** Whether it is {@code null}, which stands for a key that is not there. */
    default boolean isNull() {
        return this instanceof Scalar scalar && scalar.kind() == Kind.NULL;
    }

    /** Keys and values, in the order in which they were written. */
    record Mapping(Mark mark, Map<String, Entry> entries) implements Node {

        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** A mapping with nothing in it. */
        static Mapping empty(Mark mark) {
            return new Mapping(mark, Map.of());
        }

        /** The same with another entry, in place of one of that key if there is one. */
        Mapping with(String key, Entry entry) {
            Map<String, Entry> all = new LinkedHashMap<>(entries);
            all.put(key, entry);
            return new Mapping(mark, all);
        }

        /** The same without a key. */
        Mapping without(String key) {
            Map<String, Entry> rest = new LinkedHashMap<>(entries);
            rest.remove(key);
            return new Mapping(mark, rest);
        }

        @Override
        public String describe() {
            return "a mapping";
        }
    }

    /**
     * A value and its key.
     *
     * @param key where the key was written; its path is that of the mapping
     * @param value the value
     */
    record Entry(Mark key, Node value) {}

    /** A list. */
    record Sequence(Mark mark, List<Node> items) implements Node {

        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /**
     * Anything else.
     *
     * @param text exactly what was written, without quotes and escapes: {@code 022} and {@code 1.10} stay what they are
     */
    record Scalar(Mark mark, Kind kind, String text) implements Node {

        @Override
        public String describe() {
            return switch (kind) {
                case STRING -> "the text " + Quoted.of(text);
                case INTEGER, DECIMAL -> "the number " + Quoted.shortened(text);
                case BOOLEAN -> text;
                case NULL -> "null";
                case NOTHING -> "nothing";
            };
        }
    }

    /** What a scalar looks like. */
    enum Kind {
        /** Text, in quotes or not. */
        STRING,
        /** A whole number, not in quotes. */
        INTEGER,
        /** Another number, not in quotes. */
        DECIMAL,
        /** {@code true} or {@code false}, not in quotes. */
        BOOLEAN,
        /** {@code null} or {@code ~}, not in quotes. */
        NULL,
        /** A key without a value. */
        NOTHING
    }
}
