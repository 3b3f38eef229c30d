package dev.caisson.namespaces;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.CapabilitySets;
import dev.caisson.api.Contribution;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.Settings;
import dev.caisson.launcher.Launch;
import dev.caisson.launcher.Launcher;
import dev.caisson.launcher.Outcome;
import dev.caisson.launcher.Streams;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A container with nothing but what the isolator contributes, a directory for its root, and the host's programs bound into that: what the
 * engine does with many parts, for one.
 */
final class Box {

    private static final List<String> PROGRAMS = List.of("usr", "bin", "sbin", "lib", "lib64");

    private final Launcher launcher;
    private final Path root;

    /**
     * Prepares a root.
     *
     * @param root an empty directory; it gets what an image has
     */
    Box(Launcher launcher, Path root) throws IOException {
        this.launcher = launcher;
        this.root = root;
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : List.of("proc", "sys", "dev", "tmp")) {
            Files.createDirectory(root.resolve(name));
        }
        for (String name : PROGRAMS) {
            Path program = Path.of("/", name);
            if (Files.isSymbolicLink(program)) {
                Files.createSymbolicLink(root.resolve(name), Files.readSymbolicLink(program));
            } else if (Files.isDirectory(program)) {
                Files.createDirectory(root.resolve(name));
            }
        }
    }

    /** What a test may vary. */
    record Kind(Map<Namespace, Boolean> switches, CapabilitySets capabilities) {}

    /** How a run ended: what it printed, its wait status, and the step that failed. */
    record Run(String output, int status, Optional<String> failedStep) {}

    /** Runs a shell script as root in the container. */
    Run run(NamespacesSettings settings, String script) {
        return run(settings, CapabilitySets.DOCKER_DEFAULT, script);
    }

    /** The same for a command that is said to have other capabilities; nothing here takes them from it. */
    Run run(NamespacesSettings settings, CapabilitySets capabilities, String script) {
        LaunchProgram program = program(settings, capabilities, script);
        Launch launch = launcher.start(program, Streams.PIPES);
        try {
            String output = new String(launch.stdout().readAllBytes(), StandardCharsets.UTF_8)
                    + new String(launch.stderr().readAllBytes(), StandardCharsets.UTF_8);
            Outcome outcome = launch.onExit().join();
            return new Run(
                    output,
                    outcome.status(),
                    outcome.failure()
                            .map(failure ->
                                    program.line(failure.step()).step().description() + ": " + failure.errno()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Launch start(NamespacesSettings settings, String script) {
        return launcher.start(program(settings, CapabilitySets.DOCKER_DEFAULT, script), Streams.PIPES);
    }

    private LaunchProgram program(NamespacesSettings settings, CapabilitySets capabilities, String script) {
        LaunchRequest request =
                Requests.request(Settings.of(settings), Requests.process(capabilities, true), launcher.host());
        Contribution contribution = new NamespaceIsolator().contribute(request);
        List<Line> lines = new ArrayList<>();
        add(lines, Section.SETUP, goToRoot());
        if (settings.has(Namespace.USER)) {
            add(lines, Section.SETUP, giveStreams(settings.uids().get(0).outside()));
        }
        add(lines, Section.SETUP, contribution.setup());
        add(lines, Section.SETUP, List.of(step(new Op.Clone(contribution.namespaces(), Optional.empty()))));
        add(lines, Section.AFTER_CLONE, contribution.afterClone());
        add(
                lines,
                Section.AFTER_CLONE,
                List.of(
                        step(Op.call("unshare", flags("CLONE_FILES"))), // the child's descriptor 4 is its own
                        step(new Op.OpenGate()),
                        step(Op.call("close", number(4))),
                        step(new Op.Supervise(Duration.ofSeconds(20), Duration.ZERO, null, 1, Duration.ZERO, 1))));
        add(lines, Section.CHILD, List.of(step(new Op.AwaitGate())));
        for (Phase phase : Phase.values()) {
            if (phase == Phase.ROOT) {
                add(lines, Section.CHILD, enterRoot());
            }
            add(lines, Section.CHILD, contribution.child().getOrDefault(phase, List.of()));
        }
        add(lines, Section.CHILD, execute(script));
        return new LaunchProgram(lines);
    }

    /**
     * The monitor goes there, and the child begins where the monitor is: root inside a user namespace may not pass through the directories
     * above. A descriptor would not do: it would lead to the mount of the host's namespace, not to that of the child's.
     */
    private List<Step> goToRoot() {
        return List.of(step(Op.call("chdir", text(root.toString()))), step(Op.call("umask", number(0))));
    }

    /** Else the container's root may use the pipes, but not open them again as /dev/stdout. */
    private static List<Step> giveStreams(long user) {
        return Stream.of(0, 1, 2)
                .map(stream -> step(Op.call("fchown", number(stream), number(user), number(user))))
                .toList();
    }

    private List<Step> enterRoot() {
        List<Step> steps = new ArrayList<>();
        steps.add(step(Op.call("open_tree", CWD, text("."), flags("OPEN_TREE_CLONE", "OPEN_TREE_CLOEXEC")))
                .naming("root mount"));
        steps.add(step(Op.call(
                "move_mount", result("root mount"), text(""), CWD, text("."), flags("MOVE_MOUNT_F_EMPTY_PATH"))));
        steps.add(step(Op.call("fchdir", result("root mount"))));
        for (String name : PROGRAMS) {
            if (!Files.isSymbolicLink(root.resolve(name)) && Files.isDirectory(root.resolve(name))) {
                steps.add(step(Op.call("mount", text("/" + name), text(name), NULL, flags("MS_BIND", "MS_REC"), NULL)));
            }
        }
        return steps;
    }

    private static List<Step> execute(String script) {
        return List.of(
                step(Op.call("umask", number(022))),
                step(Op.call("rt_sigprocmask", flags("SIG_SETMASK"), block(number(0)), NULL, number(8))),
                step(new Op.Exec(
                        List.of("/bin/sh"), List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin:/usr/sbin"))));
    }

    private static Step step(Op op) {
        return Step.of("of the test", op);
    }

    private static void add(List<Line> lines, Section section, List<Step> steps) {
        steps.forEach(step -> lines.add(new Line(section, "test", step)));
    }
}
