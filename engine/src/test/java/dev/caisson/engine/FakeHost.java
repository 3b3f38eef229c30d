package dev.caisson.engine;

import dev.caisson.api.Host;
import dev.caisson.program.Architecture;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A host of files in a directory, on which every attempt succeeds and no system call is made. */
public final class FakeHost implements Host {

    private final Path root;

    public FakeHost(Path root) {
        this.root = root;
    }

    /** A host that has no files. */
    static FakeHost empty() {
        return new FakeHost(Path.of("/nonexistent"));
    }

    /** Puts a file on it. */
    FakeHost with(String path, String content) {
        try {
            Files.createDirectories(path(path).getParent());
            Files.writeString(path(path), content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        return true;
    }

    @Override
    public Optional<Failure> attempt(LaunchProgram program) {
        return Optional.empty();
    }

    @Override
    public long call(Op.SystemCall call) {
        throw new AssertionError("a test without the kernel makes no system call: " + call);
    }
}
