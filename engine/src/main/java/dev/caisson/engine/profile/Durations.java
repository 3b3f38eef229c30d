package dev.caisson.engine.profile;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as profiles write them: {@code 500ms}, {@code 10s}, {@code 1m30s}, {@code 2h}, {@code 1d}. */
final class Durations {

    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,10}(ms|s|m|h|d))+");
    private static final Pattern PART = Pattern.compile("([0-9]+)(ms|s|m|h|d)");

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Durations() {}

    /**
     * Reads a duration. A number without a unit is refused: to some it would be milliseconds.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Duration parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    Quoted.of(text) + " is not a duration; write a number and a unit, as in 500ms, 10s, 2m, 1m30s, 1h");
        }
        Duration sum = Duration.ZERO;
        for (Matcher part = PART.matcher(text); part.find(); ) {
            sum = sum.plus(Duration.ofMillis(Math.multiplyExact(Long.parseLong(part.group(1)), millis(part.group(2)))));
        }
        if (sum.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    Quoted.of(text) + " is more than a century; leave the key out for no limit");
        }
        return sum;
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }

    /** A duration as a profile writes it, in milliseconds. */
    static String text(Duration duration) {
        return duration.toMillis() + "ms";
    }
}
