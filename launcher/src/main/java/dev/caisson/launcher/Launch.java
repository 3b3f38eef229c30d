package dev.caisson.launcher;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A launch program that is running: the monitor process, seen from the JVM that started it.
 *
 * <p>Any number of threads may use it and its streams. A stream that is closed while another thread reads from it or writes to it is given
 * back to the kernel when that thread is done, which closing does not hasten.
 */
public interface Launch {

    /** The monitor's process id. */
    long monitorPid();

    /**
     * Waits until the command has been executed, and returns empty; or until the launch has failed, and returns the step. A program that
     * only tears down starts no command: it returns when the monitor ends.
     */
    Optional<Outcome.StepFailure> awaitStart();

    /**
     * Completes when the container has ended and is torn down, and its monitor is gone; with a {@link dev.caisson.api.HostException} if the
     * monitor was killed. What depends on it runs on a thread of the launcher's, where it may take its time.
     */
    CompletableFuture<Outcome> onExit();

    /** Asks the monitor to forward a signal to the container; does nothing when it has ended. */
    void signal(int number);

    /** The stream to the command's standard input, if that is a pipe; else one that discards. */
    OutputStream stdin();

    /** The stream from the command's standard output, if that is a pipe; else an empty one. */
    InputStream stdout();

    /** The stream from the command's standard error, if that is a pipe; else an empty one. */
    InputStream stderr();

    /** The master side of the command's terminal, if the program handed one over; present after {@link #awaitStart}. */
    Optional<Terminal> terminal();
}
