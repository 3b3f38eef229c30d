package dev.caisson.engine;

import dev.caisson.api.ResourceUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How a container ended.
 *
 * @param exitCode the command's exit code, or 128 and the signal that ended it
 * @param signal the signal that ended it, if one did
 * @param limits the limits that were hit, whether or not they ended it
 * @param wall how long it ran
 * @param usage what it used, as far as that was measured; what no controller measured is what wait4(2)
 *     tells of the command, if that ended by itself
 * @param leftover what could not be torn down, in a sentence; {@code caisson gc} will try again
 */
public record Verdict(
        int exitCode,
        OptionalInt signal,
        Set<Limit> limits,
        Duration wall,
        ResourceUsage usage,
        Optional<String> leftover) {

    public Verdict {
        limits = Set.copyOf(limits);
    }

    /** A limit that a container can run into. */
    public enum Limit {
        /** The kernel killed a process of it for memory. */
        MEMORY,
        /** A new process was refused. */
        PIDS,
        /** Its time by the clock on the wall was up. */
        WALL_TIME,
        /** Its processor time was used up. */
        CPU_TIME
    }
}
