package dev.caisson.cgroupv1;

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

    /** One hierarchy for each controller, as on a development machine with both versions mounted. */
    static FixtureHost hybrid(Path root) {
        FixtureHost host =
                new FixtureHost(root).with("/proc/self/mountinfo", """
                        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
                        32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
                        33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
                        34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
                        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
                        36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
                        39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
                        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
                        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
                        """).with("/proc/self/cgroup", """
                        9:name=systemd:/
                        8:pids:/
                        5:devices:/
                        4:memory:/user/4
                        3:cpuset:/
                        2:cpuacct:/
                        1:cpu:/
                        0::/
                        """);
        for (String controller : List.of("cpu", "cpuacct", "cpuset", "memory", "devices", "pids", "systemd")) {
            host.with("/sys/fs/cgroup/" + controller + "/tasks", "1\n");
        }
        return host.withControllerFiles("cpu", "cpuset", "memory");
    }

    /** Only version 1, with processor quota and accounting in one hierarchy, as systemd mounts it. */
    static FixtureHost legacy(Path root) {
        return new FixtureHost(root)
                .with("/proc/self/mountinfo", """
                        30 24 0:26 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
                        33 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:15 - cgroup cgroup rw,cpu,cpuacct
                        34 30 0:30 / /sys/fs/cgroup/memory rw,nosuid shared:16 - cgroup cgroup rw,memory
                        35 30 0:31 / /sys/fs/cgroup/pids rw,nosuid shared:17 - cgroup cgroup rw,pids
                        """)
                .with("/proc/self/cgroup", "4:cpu,cpuacct:/\n3:memory:/\n2:pids:/\n1:name=systemd:/init.scope\n")
                .with("/sys/fs/cgroup/cpu,cpuacct/tasks", "1\n")
                .with("/sys/fs/cgroup/memory/tasks", "1\n")
                .with("/sys/fs/cgroup/pids/tasks", "1\n")
                .withControllerFiles("cpu,cpuacct", "none", "none");
    }

    /** Only version 1, mounted at the administrator's pleasure, and once more in some container's tree. */
    static FixtureHost unusual(Path root) {
        return new FixtureHost(root)
                .with("/proc/self/mountinfo", """
                        32 31 0:28 / /cgroup/gone rw,relatime - cgroup cgroup rw,memory,pids
                        33 31 0:28 / /cgroup/both rw,relatime - cgroup cgroup rw,memory,pids
                        90 80 0:28 / /var/lib/box/both rw,relatime - cgroup cgroup rw,memory,pids
                        """)
                .with("/proc/self/cgroup", "1:memory,pids:/\n")
                .with("/cgroup/both/tasks", "1\n")
                .with("/var/lib/box/both/tasks", "1\n");
    }

    /** Only version 2. */
    static FixtureHost unified(Path root) {
        return new FixtureHost(root)
                .with(
                        "/proc/self/mountinfo",
                        "38 23 0:33 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n")
                .with("/proc/self/cgroup", "0::/user.slice\n");
    }

    private FixtureHost withControllerFiles(String cpu, String cpuset, String memory) {
        return with("/sys/fs/cgroup/" + cpu + "/cpu.cfs_quota_us", "-1\n")
                .with("/sys/fs/cgroup/" + cpuset + "/cpuset.cpus", "0-7\n")
                .with("/sys/fs/cgroup/" + cpuset + "/cpuset.mems", "0\n")
                .with("/sys/fs/cgroup/" + memory + "/memory.memsw.limit_in_bytes", "9223372036854771712\n");
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

    FixtureHost without(String path) {
        try {
            Files.delete(path(path));
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
