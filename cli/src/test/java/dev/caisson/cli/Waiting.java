package dev.caisson.cli;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another process does, within bounds. */
final class Waiting {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 20;

    private Waiting() {}

    /** Waits until a condition holds; an assertion fails if it does not for long. */
    static void until(String what, BooleanSupplier condition) {
        if (!within(PATIENCE, condition)) {
            throw new AssertionError("waited in vain for " + what);
        }
    }

    /** Whether a condition holds soon. */
    static boolean within(Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return true;
    }
}
