package dev.caisson.program;

import dev.caisson.program.LaunchProgram.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A launch program with every kind of operation, argument and failure policy in it. */
final class EveryKind {

    private EveryKind() {}

    static LaunchProgram program() {
        List<Line> lines = new ArrayList<>();
        setup(lines);
        afterClone(lines);
        child(lines);
        teardown(lines);
        return new LaunchProgram(lines);
    }

    private static void setup(List<Line> lines) {
        add(
                lines,
                Section.SETUP,
                Step.of(
                                "open the group",
                                Op.call(
                                        "openat",
                                        Argument.CWD,
                                        Argument.text("/sys/fs/cgroup/it's \"a\" group"),
                                        Argument.flags("O_PATH", "O_DIRECTORY"),
                                        Argument.mode(0755)))
                        .naming("cgroup")
                        .hint(Errno.ENOENT, "make it")
                        .hint(Errno.EACCES, "be root"));
        add(lines, Section.SETUP, Step.write("/sys/fs/cgroup/x/memory.max", "65536"));
        add(
                lines,
                Section.SETUP,
                Step.expect("/sys/fs/cgroup/x/memory.max", "65536").hint(Errno.EBADMSG, "it was rounded"));
        add(
                lines,
                Section.SETUP,
                Step.of(
                        "make the child",
                        new Op.Clone(
                                EnumSet.of(Namespace.USER, Namespace.MOUNT),
                                Optional.of(new Argument.Result("cgroup")))));
    }

    private static void afterClone(List<Line> lines) {
        add(
                lines,
                Section.AFTER_CLONE,
                Step.of(
                        "write the map",
                        new Op.WriteFile(Argument.formatted("/proc/", Op.Clone.PID, "/uid_map"), "0 100000 65536\n")));
        add(lines, Section.AFTER_CLONE, Step.of("let the child go on", new Op.OpenGate()));
        add(
                lines,
                Section.AFTER_CLONE,
                Step.of(
                        "supervise",
                        new Op.Supervise(
                                Duration.ofMillis(1500),
                                Duration.ofSeconds(2),
                                "/sys/fs/cgroup/x/cpu.stat",
                                1000,
                                Duration.ofSeconds(10),
                                8)));
    }

    private static void child(List<Line> lines) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/bin");
        environment.put("A", "ü\n\u0001");
        add(lines, Section.CHILD, Step.of("wait", new Op.AwaitGate()));
        add(
                lines,
                Section.CHILD,
                Step.of(
                                "read a link",
                                Op.call(
                                        "readlinkat",
                                        Argument.CWD,
                                        Argument.text("x"),
                                        new Argument.Room(64),
                                        Argument.number(64)))
                        .tolerating(Errno.ENOENT, Errno.EINVAL));
        add(
                lines,
                Section.CHILD,
                Step.of(
                                "filter",
                                Op.call(
                                        "seccomp",
                                        Argument.flags("SECCOMP_SET_MODE_FILTER"),
                                        Argument.number(0),
                                        Argument.block(
                                                Argument.number(1),
                                                new Argument.Bytes(new byte[] {6, 0, 0, -1}),
                                                Argument.pair(-1, 2))))
                        .orElse(Step.of("do without", Op.call("getpid")).tolerating(Errno.ENOSYS)));
        add(lines, Section.CHILD, Step.of("fork", new Op.ForkInit()));
        add(
                lines,
                Section.CHILD,
                Step.of(
                        "execute",
                        new Op.Exec(List.of("/bin/sh", "/usr/bin/sh"), List.of("sh", "-c", "echo"), environment)));
    }

    private static void teardown(List<Line> lines) {
        add(
                lines,
                Section.TEARDOWN,
                Step.of("kill", new Op.KillListed("/sys/fs/cgroup/x/cgroup.procs"))
                        .retrying(Errno.EAGAIN, 1000, Duration.ofMillis(2), Errno.ENOENT, Errno.ENODEV));
        add(lines, Section.TEARDOWN, Step.of("collect", new Op.CollectFile("memory.peak", "/x/memory.peak")));
        add(lines, Section.TEARDOWN, Step.of("fail", new Op.Fault(Op.call("sync"), Errno.EIO)));
        add(lines, Section.TEARDOWN, Step.of("drop", new Op.DropRecord("/run/caisson/run/x.json")));
    }

    private static void add(List<Line> lines, Section section, Step step) {
        lines.add(new Line(section, section == Section.CHILD ? "child-backend" : "engine", step));
    }
}
