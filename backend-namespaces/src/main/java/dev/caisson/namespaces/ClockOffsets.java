package dev.caisson.namespaces;

import org.jspecify.annotations.Nullable;

/**
 * What a time namespace adds to the host's clocks, in seconds, as in time_namespaces(7). There is none for the time of day.
 *
 * @param monotonic what is added to CLOCK_MONOTONIC
 * @param boottime what is added to CLOCK_BOOTTIME, which uptime(1) shows
 */
public record ClockOffsets(
        @Nullable Long monotonic, @Nullable Long boottime) {

    /** The content of {@code timens_offsets}. */
    String lines() {
        return "monotonic " + seconds(monotonic) + " 0\nboottime " + seconds(boottime) + " 0\n";
    }

    private static long seconds(@Nullable Long offset) {
        return offset == null ? 0 : offset;
    }
}
