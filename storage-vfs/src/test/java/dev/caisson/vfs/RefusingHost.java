package dev.caisson.vfs;

import dev.caisson.api.Host;
import dev.caisson.program.Architecture;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import java.nio.file.Path;
import java.util.Optional;

/** A host on which one system call always fails. */
record RefusingHost(Host host, String refused, int errno) implements Host {

    @Override
    public Path root() {
        return host.root();
    }

    @Override
    public Architecture architecture() {
        return host.architecture();
    }

    @Override
    public boolean privileged() {
        return host.privileged();
    }

    @Override
    public Optional<Failure> attempt(LaunchProgram program) {
        return host.attempt(program);
    }

    @Override
    public long call(Op.SystemCall call) {
        return call.name().equals(refused) ? -errno : host.call(call);
    }

    @Override
    public long call(Op.SystemCall call, byte[] room) {
        return call.name().equals(refused) ? -errno : host.call(call, room);
    }
}
