package dev.caisson.launcher;

import dev.caisson.launcher.assembly.OutcomeLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * How a run went, as the monitor recorded it.
 *
 * @param status the command's wait status as in wait(2); -1 if there never was a child
 * @param cause why the monitor ended the container, if it did
 * @param failure the step at which the launch failed, if it did
 * @param teardownFailure the first teardown step that failed, if one did
 * @param wall from clone to the end of the child
 * @param childCpu the processor time of the child and the descendants that it waited for, from wait4(2)
 * @param childPeakMemory the largest resident set among those, in bytes
 * @param collected what the teardown's collect-file steps read, by key; a file that could not be read is missing
 */
public record Outcome(
        int status,
        Cause cause,
        Optional<StepFailure> failure,
        Optional<StepFailure> teardownFailure,
        Duration wall,
        Duration childCpu,
        long childPeakMemory,
        Map<String, String> collected) {

    /** Who ended the container. */
    public enum Cause {
        /** Nobody: it ended by itself. */
        ITSELF(OutcomeLayout.BY_ITSELF),
        /** The wall clock deadline. */
        WALL(OutcomeLayout.BY_WALL),
        /** The processor time limit. */
        CPU(OutcomeLayout.BY_CPU),
        /** A signal that was forwarded to it, and perhaps a kill after the grace period. */
        SIGNAL(OutcomeLayout.BY_SIGNAL),
        /** The death of the process that had started it. */
        ORPHANED(OutcomeLayout.BY_ORPHANING);

        private final int number;

        Cause(int number) {
            this.number = number;
        }

        static Cause of(long number) {
            return Arrays.stream(values())
                    .filter(cause -> cause.number == number)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("not a cause: " + number));
        }
    }

    /** A step that failed, by its number in the program, counted from 1. */
    public record StepFailure(int step, int errno) {}
}
