package dev.caisson.layers;

import dev.caisson.api.Host;
import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** A host on which some steps fail, and nothing else happens. */
public record FixedHost(boolean privileged, Errno errno, Predicate<Step> refused) implements Host {

    /** One on which everything works. */
    public static FixedHost willing() {
        return new FixedHost(true, Errno.EPERM, step -> false);
    }

    /** One on which this process is not root. */
    public static FixedHost unprivileged() {
        return new FixedHost(false, Errno.EPERM, step -> false);
    }

    /** One on which some steps fail. */
    public static FixedHost refusing(Errno errno, Predicate<Step> refused) {
        return new FixedHost(true, errno, refused);
    }

    @Override
    public Path root() {
        return Path.of("/nowhere");
    }

    @Override
    public Architecture architecture() {
        return Architecture.X86_64;
    }

    @Override
    public Optional<Failure> attempt(LaunchProgram program) {
        return program.lines().stream()
                .filter(line -> refused.test(line.step()))
                .findFirst()
                .map(line -> new Failure(line, errno.number()));
    }

    @Override
    public long call(Op.SystemCall call) {
        throw new UnsupportedOperationException(call.name() + ": nothing may change on this host");
    }
}
