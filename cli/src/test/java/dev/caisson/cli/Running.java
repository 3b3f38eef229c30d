package dev.caisson.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A started process whose output is collected while it runs. */
final class Running {

    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<CompletableFuture<Void>> readers;

    Running(Process process) {
        this.process = process;
        readers = List.of(collect(process.getInputStream(), out), collect(process.getErrorStream(), err));
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Every process below this one: the monitor, pid 1 of the container, its command and so on. */
    List<ProcessHandle> below() {
        return process.descendants().toList();
    }

    /** The monitor of its container. */
    ProcessHandle monitor() {
        return process.children().findFirst().orElseThrow(() -> new AssertionError("no monitor; " + err()));
    }

    /** What it has written so far. */
    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    OutputStream stdin() {
        return process.getOutputStream();
    }

    /** Waits until it has written a text to its standard output. */
    void awaitOutput(String text) {
        Waiting.until("the output \"" + text + "\", not " + out() + err(), () -> {
            if (!process.isAlive() && readers.stream().allMatch(CompletableFuture::isDone) && !out().contains(text)) {
                throw new AssertionError("it ended with " + process.exitValue() + ": " + out() + err());
            }
            return out().contains(text);
        });
    }

    /** Sends a signal to this process alone. */
    void signal(String name) {
        signal(name, pid());
    }

    /** Sends a signal to processes, as nearly as can be at once. */
    static void signal(String name, Long... pids) {
        String list = Stream.of(pids).map(String::valueOf).collect(Collectors.joining(" "));
        try {
            int exit = new ProcessBuilder("sh", "-c", "kill -" + name + " " + list)
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill -" + name + " " + list + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for its end. */
    Run end() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                below().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("it does not end; it has written " + out() + err());
            }
            readers.forEach(CompletableFuture::join);
            return new Run(process.exitValue(), out(), err());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static CompletableFuture<Void> collect(InputStream from, OutputStream to) {
        return CompletableFuture.runAsync(
                () -> {
                    try (from) {
                        from.transferTo(to);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task, "collect").start());
    }
}
