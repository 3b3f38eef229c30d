package dev.caisson.cgroupv1;

import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.formatted;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ResourceController;
import dev.caisson.launcher.Launch;
import dev.caisson.launcher.Launcher;
import dev.caisson.launcher.Outcome;
import dev.caisson.launcher.Streams;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The least container around the backend's steps: namespaces as asked for, a fresh sysfs, the host's own root. */
final class Box {

    /** Where the root is mounted, in the box's own mount namespace. */
    private static final String ROOT = "/mnt";

    private final List<Line> lines = new ArrayList<>();
    private final LaunchRequest request;
    private final Contribution contribution;

    Box(ResourceController controller, LaunchRequest request, String... command) {
        this.request = request;
        contribution = controller.contribute(request);
        if (!has(Feature.PID_NAMESPACE)) {
            add(Section.SETUP, Step.of("adopt orphans", Op.call("prctl", flags("PR_SET_CHILD_SUBREAPER"), number(1))));
        }
        contribution.setup().forEach(step -> add(Section.SETUP, step));
        add(Section.SETUP, Step.of("clone", new Op.Clone(namespaces(), Optional.ofNullable(contribution.cgroup()))));
        add(Section.AFTER_CLONE, Step.of("close the status socket", Op.call("close", number(4))));
        if (has(Feature.USER_NAMESPACE)) {
            for (String map : List.of("uid_map", "gid_map")) {
                add(
                        Section.AFTER_CLONE,
                        Step.of(
                                "write " + map,
                                new Op.WriteFile(formatted("/proc/", Op.Clone.PID, "/" + map), "0 100000 1000")));
            }
            add(Section.AFTER_CLONE, Step.of("open the gate", new Op.OpenGate()));
        }
        Duration cpu = request.spec().timeouts().cpu();
        ResourceController.@Nullable CpuClock clock =
                controller.cpuClock(request).orElse(null);
        add(
                Section.AFTER_CLONE,
                Step.of(
                        "supervise",
                        new Op.Supervise(
                                Duration.ofSeconds(60),
                                cpu,
                                clock == null ? null : clock.path(),
                                clock == null ? 1 : clock.unitNanos(),
                                Duration.ZERO,
                                1)));
        child(command);
        contribution.teardown().forEach(step -> add(Section.TEARDOWN, step));
    }

    private void child(String... command) {
        if (has(Feature.USER_NAMESPACE)) {
            add(Section.CHILD, Step.of("wait", new Op.AwaitGate()));
        }
        phase(Phase.JOIN);
        if (has(Feature.CGROUP_NAMESPACE) && contribution.cgroup() == null) {
            add(Section.CHILD, Step.of("make a cgroup namespace", Op.call("unshare", flags("CLONE_NEWCGROUP"))));
        }
        if (has(Feature.USER_NAMESPACE)) {
            add(Section.CHILD, Step.of("join its group", Op.call("setresgid", number(0), number(0), number(0))));
            add(Section.CHILD, Step.of("become root", Op.call("setresuid", number(0), number(0), number(0))));
        }
        if (has(Feature.MOUNT_NAMESPACE)) {
            mount("none", "/", "none", "MS_REC", "MS_PRIVATE");
            // The old root stays as it is, so that the groups' own directories can be found there.
            mount("/", ROOT, "none", "MS_BIND", "MS_REC");
            add(Section.CHILD, Step.of("enter the root", Op.call("chdir", text(ROOT))));
            // In a user namespace it is locked, and stays in the mount table below the new one.
            add(
                    Section.CHILD,
                    Step.of("take the host's sysfs away", Op.call("umount2", text("sys"), flags("MNT_DETACH")))
                            .tolerating(Errno.EINVAL));
            mount("sysfs", "sys", "sysfs", "MS_RDONLY");
            phase(Phase.MOUNTS);
            add(Section.CHILD, Step.of("change the root", Op.call("chroot", text("."))));
        }
        add(
                Section.CHILD,
                Step.of(
                        "unblock signals",
                        Op.call("rt_sigprocmask", flags("SIG_SETMASK"), block(number(0)), NULL, number(8))));
        add(
                Section.CHILD,
                Step.of(
                        "execute",
                        new Op.Exec(
                                List.of("/usr/bin/" + command[0], "/bin/" + command[0]),
                                List.of(command),
                                Map.of("PATH", "/usr/bin:/bin"))));
    }

    LaunchProgram program() {
        return new LaunchProgram(lines);
    }

    /** Runs it to its end. */
    static Result run(Launcher launcher, LaunchProgram program) {
        Launch launch = launcher.start(
                program, new Streams(Streams.DISCARD.stdin(), Streams.PIPES.stdout(), Streams.DISCARD.stderr()));
        try {
            String output = new String(launch.stdout().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(launch.onExit().join(), output.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How it ended, and what the command printed. */
    record Result(Outcome outcome, String output) {}

    private Set<Namespace> namespaces() {
        Set<Namespace> namespaces = EnumSet.noneOf(Namespace.class);
        if (has(Feature.PID_NAMESPACE)) {
            namespaces.add(Namespace.PID);
        }
        if (has(Feature.MOUNT_NAMESPACE)) {
            namespaces.add(Namespace.MOUNT);
            namespaces.add(
                    Namespace.NETWORK); // a user namespace may mount sysfs only with a network namespace of its own
        }
        if (has(Feature.USER_NAMESPACE)) {
            namespaces.add(Namespace.USER);
        }
        if (has(Feature.CGROUP_NAMESPACE) && contribution.cgroup() != null) {
            namespaces.add(Namespace.CGROUP);
        }
        return namespaces;
    }

    private void mount(String source, String target, String type, String... flags) {
        add(
                Section.CHILD,
                Step.of(
                        "mount " + target,
                        Op.call("mount", text(source), text(target), text(type), flags(flags), NULL)));
    }

    private boolean has(Feature feature) {
        return request.has(feature);
    }

    private void phase(Phase phase) {
        contribution.child().getOrDefault(phase, List.of()).forEach(step -> add(Section.CHILD, step));
    }

    private void add(Section section, Step step) {
        lines.add(new Line(section, "test", step));
    }
}
