package dev.caisson.vfs;

import dev.caisson.api.HostException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A few threads that copy files, as many as there are processors. The first failure stops them all. */
final class Workers implements AutoCloseable {

    private static final int MOST_THREADS = 8;
    private static final int MOST_WAITING = 1024;

    private final ThreadPoolExecutor pool;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Workers() {
        int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        // Who finds no room in the queue does the work itself, so memory is bounded and nobody idles.
        pool = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                work -> {
                    Thread thread = new Thread(work, "caisson-copy");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /** Has some work done, unless there was a failure, which is thrown. */
    void submit(Runnable work) {
        throwFailure();
        pool.execute(() -> {
            if (failure.get() == null) {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
            }
        });
    }

    /** Waits until all is done; the first failure is thrown. */
    void await() {
        pool.shutdown();
        try {
            while (!pool.awaitTermination(1, TimeUnit.HOURS)) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("vfs: interrupted while copying", e);
        }
        throwFailure();
    }

    /** Ends the threads; work in progress is completed first, as it uses descriptors that will be closed. */
    @Override
    public void close() {
        pool.shutdownNow();
        boolean interrupted = false;
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() {
        Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }
}
