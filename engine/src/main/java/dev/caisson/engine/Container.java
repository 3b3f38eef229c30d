package dev.caisson.engine;

import dev.caisson.api.CaissonException;
import dev.caisson.launcher.Launch;
import dev.caisson.launcher.Outcome;
import dev.caisson.launcher.Terminal;
import dev.caisson.layers.Trash;
import dev.caisson.program.LaunchProgram;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A running container, in the manner of {@link java.lang.Process}: streams, signals, and a future that completes when it has ended and
 * nothing of it is left.
 *
 * <p>It ends when this JVM does, however that ends.
 */
public final class Container implements AutoCloseable {

    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    private final Plan plan;
    private final Supplier<LaunchProgram> program;
    private final Launch launch;
    private final CompletableFuture<Verdict> verdict;

    private Container(Plan plan, Supplier<LaunchProgram> program, Launch launch) {
        this.plan = plan;
        this.program = program;
        this.launch = launch;
        this.verdict = launch.onExit().thenCompose(this::conclude);
    }

    /** A container whose command has been executed; a launch that failed is an exception, and nothing of it is left. */
    static Container started(Plan plan, Supplier<LaunchProgram> program, Launch launch) {
        Container container = new Container(plan, program, launch);
        Optional<Outcome.StepFailure> failure = launch.awaitStart();
        if (failure.isPresent()) {
            container.closeStreams();
            container.waitFor(); // throws the failure, when everything is torn down
            throw new LaunchException(
                    program.get(), failure.get().step(), failure.get().errno());
        }
        return container;
    }

    /** The container's id, unique on this host. */
    public String id() {
        return plan.site().id();
    }

    /** The launch program that started it. */
    public LaunchProgram program() {
        return program.get();
    }

    /** The process id of its monitor. */
    public long monitorPid() {
        return launch.monitorPid();
    }

    /** The stream to the command's standard input, if that is a pipe; else one that discards. */
    public OutputStream stdin() {
        return launch.stdin();
    }

    /** The stream from the command's standard output, if that is a pipe; else an empty one. */
    public InputStream stdout() {
        return launch.stdout();
    }

    /** The stream from the command's standard error, if that is a pipe; else an empty one. */
    public InputStream stderr() {
        return launch.stderr();
    }

    /** The master side of its terminal, if it has one. */
    public Optional<Terminal> terminal() {
        return launch.terminal();
    }

    /** Completes with the verdict when the container has ended and is torn down. */
    public CompletableFuture<Verdict> onExit() {
        return verdict.copy();
    }

    /** Waits for the verdict. */
    public Verdict waitFor() {
        try {
            return verdict.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CaissonException known) {
                throw known;
            }
            throw e;
        }
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return !verdict.isDone();
    }

    /** Sends a signal, by its number, to the command; INT, QUIT and TERM also start the grace period, after which it is killed. */
    public void signal(int number) {
        launch.signal(number);
    }

    /** Asks it to end: SIGTERM, and after the profile's grace period SIGKILL. */
    public void destroy() {
        signal(SIGTERM);
    }

    /** Kills it. */
    public void destroyForcibly() {
        signal(SIGKILL);
    }

    /** Kills it if it still runs, waits until nothing of it is left, and closes its streams and its terminal. */
    @Override
    public void close() {
        destroyForcibly();
        verdict.exceptionally(e -> null).join();
        closeStreams();
    }

    private void closeStreams() {
        terminal().ifPresent(Terminal::close);
        for (Closeable stream : List.of(stdin(), stdout(), stderr())) {
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Deleting what was prepared for it may take long, so it is not done on the thread that waits for all containers. */
    private CompletableFuture<Verdict> conclude(Outcome outcome) {
        if (!Files.exists(plan.site().trash(), LinkOption.NOFOLLOW_LINKS)) {
            return CompletableFuture.completedFuture(Verdicts.of(plan, program, outcome));
        }
        return CompletableFuture.supplyAsync(() -> {
            Trash.empty(plan.site().trashes());
            return Verdicts.of(plan, program, outcome);
        });
    }
}
