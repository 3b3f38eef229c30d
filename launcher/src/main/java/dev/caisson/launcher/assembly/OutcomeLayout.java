package dev.caisson.launcher.assembly;

import dev.caisson.program.Op;
import java.util.List;

/**
 * How the monitor lays out what it tells at the end, in 64-bit words: a header, then for each collected file its length (or a negative
 * error number) and its bytes.
 *
 * @param keys the keys of the collected files, in order
 */
public record OutcomeLayout(List<String> keys) {

    /** The child's wait status; {@link #NO_STATUS} if there never was a child. */
    public static final int STATUS = 0;
    /** Why the monitor ended the container: one of the numbers that begin with BY. */
    public static final int CAUSE = 1;
    /** The step at which the launch failed, from 1; 0 if it did not. */
    public static final int FAILED_STEP = 2;
    /** Its error number. */
    public static final int FAILED_ERROR = 3;
    /** The first teardown step that failed, from 1; 0 if none did. */
    public static final int TEARDOWN_STEP = 4;
    /** Its error number. */
    public static final int TEARDOWN_ERROR = 5;
    /** When the child was made: seconds and nanoseconds of the monotonic clock. */
    public static final int START = 6;
    /** When the child had ended, in the same form. */
    public static final int END = 8;
    /** The child's struct rusage, as in getrusage(2). */
    public static final int RUSAGE = 10;
    /** Where the collected files begin. */
    public static final int COLLECTED = RUSAGE + 18;
    /** The status when there never was a child. */
    public static final int NO_STATUS = -1;

    /** The cause when the container ended by itself. */
    public static final int BY_ITSELF = 0;
    /** The cause when its time by the clock on the wall was up. */
    public static final int BY_WALL = 1;
    /** The cause when its processor time was used up. */
    public static final int BY_CPU = 2;
    /** The cause when it was asked to end. */
    public static final int BY_SIGNAL = 3;
    /** The cause when whoever had started it was gone. */
    public static final int BY_ORPHANING = 4;

    /** How many bytes one collected file takes: its length and its content. */
    public static final int COLLECTED_SIZE = 8 + Op.COLLECT_LIMIT;

    public OutcomeLayout {
        keys = List.copyOf(keys);
    }

    /** The size of the whole, in bytes. */
    public int size() {
        return 8 * COLLECTED + keys.size() * COLLECTED_SIZE;
    }
}
