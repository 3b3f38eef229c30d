package dev.caisson.launcher;

import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.program.Architecture;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** The machine that this JVM runs on. */
public final class LocalHost implements Host {

    private final Launcher launcher;
    private final Kernel kernel;

    LocalHost(Launcher launcher, Kernel kernel) {
        this.launcher = launcher;
        this.kernel = kernel;
    }

    @Override
    public Path root() {
        return Path.of("/");
    }

    @Override
    public Architecture architecture() {
        return kernel.architecture();
    }

    @Override
    public boolean privileged() {
        return kernel.call("geteuid") == 0;
    }

    @Override
    public Optional<Failure> attempt(LaunchProgram program) {
        Launch launch = launcher.start(program, Streams.DISCARD);
        Optional<Outcome.StepFailure> failure = launch.awaitStart();
        Outcome outcome = outcome(launch);
        failure = failure.or(outcome::failure).or(outcome::teardownFailure);
        if (failure.isEmpty() && outcome.status() > 0) {
            throw new HostException("launcher: the child of a trial ended with wait status " + outcome.status()
                    + " before its last step; something outside killed it, or a security module forbids what it does");
        }
        return failure.map(f -> new Failure(program.line(f.step()), f.errno()));
    }

    private static Outcome outcome(Launch launch) {
        try {
            return launch.onExit().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof HostException cause ? cause : e;
        }
    }

    @Override
    public long call(Op.SystemCall call) {
        return kernel.call(call);
    }

    @Override
    public long call(Op.SystemCall call, byte[] room) {
        return kernel.call(call, room);
    }
}
