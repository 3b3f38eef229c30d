package dev.caisson.namespaces;

import dev.caisson.api.Host;
import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Op;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A host that refuses the steps it is told to, and remembers what was tried on it. */
final class FakeHost implements Host {

    final List<LaunchProgram> attempts = new ArrayList<>();
    private final Path root;
    private final boolean privileged;
    private final Predicate<Line> refused;
    private final Errno errno;

    private FakeHost(Path root, boolean privileged, Predicate<Line> refused, Errno errno) {
        this.root = root;
        this.privileged = privileged;
        this.refused = refused;
        this.errno = errno;
    }

    static FakeHost at(Path root) {
        return new FakeHost(root, true, line -> false, Errno.EPERM);
    }

    static FakeHost willing() {
        return at(Path.of("/nowhere"));
    }

    static FakeHost unprivileged() {
        return new FakeHost(Path.of("/nowhere"), false, line -> false, Errno.EPERM);
    }

    static FakeHost refusing(Errno errno, Predicate<Line> refused) {
        return new FakeHost(Path.of("/nowhere"), true, refused, errno);
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Architecture architecture() {
        return Architecture.X86_64;
    }

    @Override
    public boolean privileged() {
        return privileged;
    }

    @Override
    public Optional<Failure> attempt(LaunchProgram program) {
        attempts.add(program);
        return program.lines().stream().filter(refused).findFirst().map(line -> new Failure(line, errno.number()));
    }

    @Override
    public long call(Op.SystemCall call) {
        throw new UnsupportedOperationException("the backend changes nothing");
    }
}
