package dev.caisson.api;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory or storage, as a profile writes it: {@code 65536}, {@code 64k}, {@code 128MiB}.
 *
 * <p>Units are powers of 1024, with or without {@code iB}, in any case. {@code MB} and the like are refused: to some they are powers of
 * 1000.
 *
 * @param bytes how many, not negative
 */
public record Size(long bytes) {

    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,19})(?:([kmgt])(i?b)?|b)?");
    private static final String UNITS = "kmgt";

    public Size {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size of " + bytes + " bytes is negative; write zero or more");
        }
    }

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException if it is none, with a message for the profile's author
     */
    public static Size parse(String text) {
        Matcher written = WRITTEN.matcher(text.toLowerCase(Locale.ROOT));
        if (!written.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a size; write bytes, or a unit as in 64KiB, 128MiB, 2GiB");
        }
        String unit = written.group(2);
        if ("b".equals(written.group(3))) {
            throw new IllegalArgumentException("\"" + text + "\" may mean powers of 1000 or of 1024; write "
                    + written.group(1) + text.charAt(written.start(2)) + "iB for 1024");
        }
        try {
            long number = Long.parseLong(written.group(1));
            return new Size(unit == null ? number : Math.multiplyExact(number, 1L << (10 * (UNITS.indexOf(unit) + 1))));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is more than 8 EiB; write less", e);
        }
    }

    /** The largest unit of which it is a whole number: {@code 128MiB}; without a unit if there is none. */
    @Override
    public String toString() {
        int unit = -1;
        long number = bytes;
        while (number != 0 && number % 1024 == 0 && unit + 1 < UNITS.length()) {
            number /= 1024;
            unit++;
        }
        return unit < 0
                ? Long.toString(number)
                : number + UNITS.substring(unit, unit + 1).toUpperCase(Locale.ROOT) + "iB";
    }
}
