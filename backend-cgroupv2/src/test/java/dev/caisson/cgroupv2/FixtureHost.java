package dev.caisson.cgroupv2;

import dev.caisson.api.Host;
import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A host made of a few files in a directory of the test. */
final class FixtureHost implements Host {

    final List<LaunchProgram> attempts = new ArrayList<>();
    private final Path root;
    private @Nullable Errno failure;

    private FixtureHost(Path root) {
        this.root = root;
    }

    /** Only version 2, as on a machine under systemd. */
    static FixtureHost unified(Path root) {
        return mounted(root, "/sys/fs/cgroup", "/user.slice/user-0.slice/session-1.scope")
                .group("/sys/fs/cgroup", "cpuset cpu io memory hugetlb pids rdma misc", "cpu memory pids");
    }

    /** Both versions, with all controllers in version 1. */
    static FixtureHost hybrid(Path root) {
        return mounted(root, "/sys/fs/cgroup/unified", "/").group("/sys/fs/cgroup/unified", "", "");
    }

    /** Version 2 at the administrator's pleasure. */
    static FixtureHost unusual(Path root) {
        return mounted(root, "/cgroup2", "/").group("/cgroup2", "memory", "memory");
    }

    /** Only version 1. */
    static FixtureHost legacy(Path root) {
        return new FixtureHost(root)
                .with(
                        "/proc/self/mountinfo",
                        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n")
                .with("/proc/self/cgroup", "1:memory:/\n");
    }

    /** In a container with a cgroup namespace: the top that it sees is no root, and its processes are there. */
    static FixtureHost container(Path root) {
        return mounted(root, "/sys/fs/cgroup", "/")
                .group("/sys/fs/cgroup", "cpu memory pids", "")
                .with("/sys/fs/cgroup/cgroup.type", "domain\n")
                .with("/sys/fs/cgroup/cgroup.procs", "1\n17\n");
    }

    private static FixtureHost mounted(Path root, String point, String own) {
        return new FixtureHost(root)
                .with("/proc/self/mountinfo", """
                        31 23 0:28 / /proc rw,relatime - proc proc rw
                        38 23 0:33 / %s rw,relatime - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
                        """.formatted(point))
                .with("/proc/self/cgroup", "0::" + own + "\n")
                .with("/proc/swaps", "Filename Type Size Used Priority\n");
    }

    /** A group with controllers available and enabled below it. */
    FixtureHost group(String path, String available, String enabled) {
        return with(path + "/cgroup.controllers", available + "\n")
                .with(path + "/cgroup.subtree_control", enabled + "\n");
    }

    FixtureHost with(String path, String text) {
        try {
            Files.createDirectories(path(path).getParent());
            Files.writeString(path(path), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the first step of every attempt fail. */
    FixtureHost failing(Errno errno) {
        failure = errno;
        return this;
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
        return false;
    }

    @Override
    public Optional<Failure> attempt(LaunchProgram program) {
        attempts.add(program);
        return Optional.ofNullable(failure).map(errno -> new Failure(program.line(1), errno.number()));
    }

    @Override
    public long call(Op.SystemCall call) {
        throw new UnsupportedOperationException();
    }
}
