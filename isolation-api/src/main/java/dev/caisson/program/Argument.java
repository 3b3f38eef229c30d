package dev.caisson.program;

import java.util.Arrays;
import java.util.List;

/**
 * An argument of a system call: a register's worth of meaning, without an address.
 *
 * <p>Pointers do not occur. Where the kernel wants one, the argument is the thing pointed to, and the assembler gives it a place.
 */
public sealed interface Argument {

    /** A number, with the text that people should see for it. */
    record Word(long value, String text) implements Argument {}

    /** Symbolic constants joined by "or", such as {@code O_RDONLY|O_CLOEXEC}; their values depend on the architecture. */
    record Flags(List<String> names) implements Argument {
        public Flags {
            names = List.copyOf(names);
            names.forEach(Constants::require);
        }
    }

    /** A string that ends in a zero byte, encoded in UTF-8. */
    record Text(String value) implements Argument {
        public Text {
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "a string for the kernel cannot hold a zero byte: " + value.replace('\0', '?'));
            }
        }
    }

    /** The string {@code before}, the result of an earlier step in decimal, and {@code after}. */
    record Formatted(String before, Result number, String after) implements Argument {}

    /** Raw bytes, by address. */
    @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, and compared by content
    record Bytes(byte[] value) implements Argument {
        public Bytes {
            value = value.clone();
        }

        @Override
        public byte[] value() {
            return value.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "Bytes[" + value.length + "]";
        }
    }

    /** A block of 64-bit words by address, for structures and pointer arrays; each word may itself point. */
    record Block(List<Argument> words) implements Argument {
        public Block {
            words = List.copyOf(words);
        }
    }

    /** What an earlier step returned, by the name that the step gave it. */
    record Result(String name) implements Argument {}

    /** A zeroed area by address, which the kernel fills in. */
    record Room(int size) implements Argument {}

    /** The directory for relative paths: {@code AT_FDCWD}. */
    Argument CWD = new Flags(List.of("AT_FDCWD"));

    /** The null pointer. */
    Argument NULL = new Word(0, "NULL");

    /** A number that reads best in decimal. */
    static Argument number(long value) {
        return new Word(value, Long.toString(value));
    }

    /** Permission bits, read in octal. */
    static Argument mode(int value) {
        return new Word(value, String.format("0%o", value));
    }

    /** A number with the text to show for it. */
    static Argument word(long value, String text) {
        return new Word(value, text);
    }

    /** Symbolic constants; none means zero. */
    static Argument flags(String... names) {
        return new Flags(List.of(names));
    }

    /** A string. */
    static Argument text(String value) {
        return new Text(value);
    }

    /** A block of words. */
    static Argument block(Argument... words) {
        return new Block(List.of(words));
    }

    /** Two 32-bit numbers in one word, the first in the lower half, as little-endian structures lay them out. */
    static Argument pair(int low, int high) {
        return new Word((low & 0xffffffffL) | ((long) high << 32), "{" + low + ", " + high + "}");
    }

    /** The result of an earlier step. */
    static Argument result(String name) {
        return new Result(name);
    }

    /** A path with an earlier step's result in it. */
    static Argument formatted(String before, String result, String after) {
        return new Formatted(before, new Result(result), after);
    }
}
