package dev.caisson.layers;

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
import dev.caisson.api.RootfsProvider;
import dev.caisson.api.Settings;
import dev.caisson.api.Site;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A container with nothing but a root file system: what the engine does with many parts, for a provider alone. */
public final class RootBox {

    /** Where root of a user namespace is outside. */
    public static final int MAPPED = 100_000;

    private final Launcher launcher = new Launcher();
    private final RootfsProvider provider;
    private final Site site;
    private final List<Path> layers;

    private RootBox(RootfsProvider provider, Site site, List<Path> layers) {
        this.provider = provider;
        this.site = site;
        this.layers = layers;
    }

    /** A box whose places are in a directory. */
    public static RootBox in(Path directory, RootfsProvider provider) throws IOException {
        var ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path state = Files.createDirectory(directory.resolve("state"), ours);
        Files.createDirectory(state.resolve("mnt"), ours);
        Path storage = Files.createDirectory(directory.resolve("storage"), ours);
        return new RootBox(provider, new Site("box", state, storage), List.of());
    }

    /** The same with layers, the lowest first. */
    public RootBox with(Path... layers) {
        return new RootBox(provider, site, List.of(layers));
    }

    /** A layer with these programs. */
    public Path programs(String... programs) {
        return new LayerStore(site.storage().resolve("layers"), Path.of("/"))
                .materialize(new Layer.HostPrograms(List.of(programs)));
    }

    /** Its places on the host. */
    public Site site() {
        return site;
    }

    /** Whether this process may run it. */
    public boolean possible() {
        return launcher.host().privileged();
    }

    /** What the provider is asked. */
    public LaunchRequest request(Settings settings, boolean readonly, Feature... features) {
        return Requests.request(site, layers, settings, readonly, Set.of(features));
    }

    /** How a run ended: what it printed, and which step failed how. */
    public record Run(String output, Optional<String> failure) {}

    /** Prepares the root, runs a shell script as root in it, and waits for its end. */
    public Run run(LaunchRequest request, String script) {
        provider.prepare(request, launcher.host());
        LaunchProgram program = program(request, script);
        Launch launch = launcher.start(program, Streams.PIPES);
        try {
            String output = new String(launch.stdout().readAllBytes(), StandardCharsets.UTF_8)
                    + new String(launch.stderr().readAllBytes(), StandardCharsets.UTF_8);
            Outcome outcome = launch.onExit().join();
            return new Run(
                    output,
                    outcome.failure()
                            .or(outcome::teardownFailure)
                            .map(failure -> program.line(failure.step()).step().description() + ": "
                                    + Errno.describe(failure.errno())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a script in a root that is already prepared, and does not wait. */
    public Launch start(LaunchRequest request, String script) {
        return launcher.start(program(request, script), Streams.PIPES);
    }

    private LaunchProgram program(LaunchRequest request, String script) {
        Contribution contribution = provider.contribute(request);
        boolean mounts = request.has(Feature.MOUNT_NAMESPACE);
        boolean mapped = request.has(Feature.USER_NAMESPACE);
        Set<Namespace> namespaces = EnumSet.of(Namespace.PID);
        List<Line> lines = new ArrayList<>();
        add(lines, Section.SETUP, contribution.setup());
        if (mounts) {
            namespaces.add(Namespace.MOUNT);
        }
        if (mapped) {
            namespaces.add(Namespace.USER);
        }
        add(lines, Section.SETUP, List.of(step(new Op.Clone(namespaces, Optional.empty()))));
        if (mapped) {
            add(lines, Section.AFTER_CLONE, List.of(map("uid_map"), map("gid_map")));
        }
        add(lines, Section.AFTER_CLONE, contribution.afterClone());
        add(
                lines,
                Section.AFTER_CLONE,
                List.of(
                        step(new Op.OpenGate()),
                        step(Op.call("close", number(4))),
                        step(new Op.Supervise(Duration.ofSeconds(60), Duration.ZERO, null, 1, Duration.ZERO, 1))));
        add(lines, Section.CHILD, List.of(step(new Op.AwaitGate()), step(Op.call("unshare", flags("CLONE_FILES")))));
        if (mapped) {
            add(
                    lines,
                    Section.CHILD,
                    List.of(
                            step(Op.call("setresgid", number(0), number(0), number(0))),
                            step(Op.call("setresuid", number(0), number(0), number(0)))));
        }
        if (mounts) {
            add(
                    lines,
                    Section.CHILD,
                    List.of(step(Op.call("mount", NULL, text("/"), NULL, flags("MS_REC", "MS_PRIVATE"), NULL))));
        }
        for (Phase phase : List.of(Phase.ROOT, Phase.FILES)) {
            add(lines, Section.CHILD, contribution.child().getOrDefault(phase, List.of()));
        }
        if (mounts) {
            add(
                    lines,
                    Section.CHILD,
                    List.of(step(
                            Op.call("mount", text("proc"), text("proc"), text("proc"), flags("MS_NOSUID"), NULL))));
        }
        add(lines, Section.CHILD, contribution.child().getOrDefault(Phase.SEAL, List.of()));
        add(lines, Section.CHILD, mounts ? pivot() : List.of(step(Op.call("chroot", text(".")))));
        add(lines, Section.CHILD, execute(script));
        add(lines, Section.TEARDOWN, contribution.teardown());
        return new LaunchProgram(lines);
    }

    private static Step map(String file) {
        return step(new Op.WriteFile(formatted("/proc/", Op.Clone.PID, "/" + file), "0 " + MAPPED + " 65536"));
    }

    private static List<Step> pivot() {
        return List.of(
                step(Op.call("pivot_root", text("."), text("."))),
                step(Op.call("umount2", text("."), flags("MNT_DETACH"))),
                step(Op.call("chdir", text("/"))));
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
