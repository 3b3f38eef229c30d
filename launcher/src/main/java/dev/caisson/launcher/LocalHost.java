package dev.caisson.launcher;

import dev.caisson.api.Host;
import dev.caisson.program.Architecture;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import java.nio.file.Path;
import java.util.Optional;

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
        Outcome outcome = launch.onExit().join();
        return failure.or(outcome::failure)
                .or(outcome::teardownFailure)
                .map(f -> new Failure(program.line(f.step()), f.errno()));
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
