package dev.caisson.engine.profile;

import dev.caisson.api.Size;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A value that is written as one word, text or number.
 *
 * @param what what it is, with an article: "a size"
 * @param example how one looks
 * @param kinds what a scalar must look like to be one
 * @param parse makes the value of the text; throws {@link IllegalArgumentException} with "problem; remedy"
 * @param schema its schema
 */
record ScalarShape<T>(
        String what, String example, Set<Node.Kind> kinds, Function<String, T> parse, Map<String, Object> schema)
        implements Shape<T> {

    /** Everything that can be taken literally as text. */
    static final Set<Node.Kind> ANY =
            EnumSet.of(Node.Kind.STRING, Node.Kind.INTEGER, Node.Kind.DECIMAL, Node.Kind.BOOLEAN);

    /** No path is longer (PATH_MAX), nor anything else that has a form. */
    private static final int LONGEST_FORM = 4096;

    private static final int LONGEST_QUANTITY = 64;
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");

    @Override
    public T read(Node node) {
        if (!(node instanceof Node.Scalar scalar) || !kinds.contains(scalar.kind())) {
            throw node.mark().error("expected " + what + ", found " + node.describe() + "; write it as " + example);
        }
        if (scalar.text().indexOf('\0') >= 0) {
            throw node.mark().error("a NUL character, at which the kernel would cut the text; remove \\0");
        }
        try {
            return parse.apply(scalar.text());
        } catch (IllegalArgumentException e) {
            throw node.mark().error(String.valueOf(e.getMessage()));
        }
    }

    /** Any text; numbers, true and false are taken as they are written. */
    static ScalarShape<String> text(String what, String example) {
        return new ScalarShape<>(what, example, ANY, Function.identity(), Schemas.TEXT);
    }

    /** Text that is made into something; its form is given to editors as a pattern. */
    static <T> ScalarShape<T> text(String what, String example, String pattern, Function<String, T> parse) {
        return new ScalarShape<>(
                what, example, ANY, text -> parse.apply(limited(text, LONGEST_FORM)), Schemas.text(pattern));
    }

    /** Text of a certain form. */
    static ScalarShape<String> matching(String what, String example, String pattern) {
        Pattern form = Pattern.compile(pattern);
        return text(what, example, pattern, text -> {
            if (!form.matcher(text).matches()) {
                throw new IllegalArgumentException(Quoted.of(text) + " is not " + what + "; write it as " + example);
            }
            return text;
        });
    }

    /** Patterns recurse, so that they need a limit; and nobody wants to read more in an error. */
    private static String limited(String text, int longest) {
        if (text.length() > longest) {
            throw new IllegalArgumentException(
                    Quoted.of(text) + " has " + text.length() + " characters; write " + longest + " at most");
        }
        return text;
    }

    /** {@code true} or {@code false}. */
    static ScalarShape<Boolean> bool() {
        return new ScalarShape<>(
                "a boolean",
                "true or false, without quotes",
                Set.of(Node.Kind.BOOLEAN),
                Boolean::valueOf,
                Schemas.of("type", "boolean"));
    }

    /** A whole number in a range, in decimal, without quotes. */
    static ScalarShape<Long> integer(long minimum, long maximum) {
        return new ScalarShape<>(
                "a whole number",
                Long.toString(Math.max(minimum, Math.min(64, maximum))),
                Set.of(Node.Kind.INTEGER),
                text -> ranged(text, minimum, maximum),
                Schemas.of("type", "integer", "minimum", minimum, "maximum", maximum));
    }

    private static long ranged(String text, long minimum, long maximum) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    Quoted.shortened(text) + " may be read in more than one way; write a plain decimal number");
        }
        try {
            long value = Long.parseLong(text);
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            // More than 63 bits: out of any range.
        }
        throw new IllegalArgumentException(
                Quoted.shortened(text) + " is out of range; write " + minimum + " to " + maximum);
    }

    /** A number in a range, without quotes. */
    static ScalarShape<Double> decimal(double minimum, double maximum, String example) {
        return new ScalarShape<>(
                "a number",
                example,
                EnumSet.of(Node.Kind.INTEGER, Node.Kind.DECIMAL),
                text -> {
                    if (!DECIMAL.matcher(text).matches()) {
                        throw new IllegalArgumentException(
                                Quoted.shortened(text) + " is not a plain number; write it as " + example);
                    }
                    double value = Double.parseDouble(text);
                    if (value < minimum || value > maximum) {
                        throw new IllegalArgumentException(Quoted.shortened(text) + " is out of range; write " + minimum
                                + " to " + Math.round(maximum));
                    }
                    return value;
                },
                Schemas.of("type", "number", "minimum", minimum, "maximum", maximum));
    }

    /** An amount of bytes, at least so many. */
    static ScalarShape<Size> size(long minimum) {
        return new ScalarShape<>(
                "a size",
                "128MiB",
                EnumSet.of(Node.Kind.STRING, Node.Kind.INTEGER),
                text -> {
                    Size size = Size.parse(limited(text, LONGEST_QUANTITY));
                    if (size.bytes() < minimum) {
                        throw new IllegalArgumentException(
                                Quoted.shortened(text) + " is too small; write at least " + new Size(minimum));
                    }
                    return size;
                },
                Schemas.textOrInteger("[0-9]+([kKmMgGtT]([iI][bB])?|[bB])?", minimum));
    }

    /** A length of time, longer than none unless zero is allowed. */
    static ScalarShape<Duration> duration(boolean zero) {
        return new ScalarShape<>(
                "a duration",
                "10s",
                ANY,
                text -> {
                    Duration duration = Durations.parse(limited(text, LONGEST_QUANTITY));
                    if (duration.isZero() && !zero) {
                        throw new IllegalArgumentException(Quoted.shortened(text)
                                + " leaves no time at all; write more, or leave the key out for no limit");
                    }
                    return duration;
                },
                Schemas.of("type", "string", "pattern", "^([0-9]+(ms|s|m|h|d))+$"));
    }

    /** A constant of an enum, in lower case and with hyphens. */
    static ScalarShape<Object> constant(Class<?> type) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
        }
        List<String> names = List.copyOf(constants.keySet());
        return new ScalarShape<>(
                "one of " + String.join(", ", names),
                names.get(0),
                ANY,
                text -> {
                    Object constant = constants.get(text);
                    if (constant == null) {
                        throw new IllegalArgumentException(
                                Quoted.of(text) + " is not known here; " + Nearest.hint(text, names));
                    }
                    return constant;
                },
                Schemas.of("enum", names));
    }
}
