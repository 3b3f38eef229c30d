package dev.caisson.chroot;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;
import static dev.caisson.program.Argument.word;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.api.Contribution;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the steps on the real kernel, as root. The root directory is on a tmpfs in a mount namespace of the test's, so that nothing of it
 * stays; the isolator knows nothing of that.
 */
class ChrootIsolatorIT {

    private final Launcher launcher = new Launcher();

    @TempDir
    Path directory;

    @BeforeEach
    void asRoot() {
        assumeTrue(launcher.host().privileged(), "chroot(2) needs root");
    }

    @Test
    void theRootIsTheDirectoryAndDevicesWork() throws IOException {
        assertEquals(
                "/\nno etc\ncrw-rw-rw- crw-rw-rw- crw-rw-rw- crw-rw-rw- crw-rw-rw- crw-rw-rw-\n3\nfull\n",
                run(
                        List.of(),
                        "pwd; test -e /etc || echo no etc; cd /dev; echo $(stat -c %A null zero full random urandom tty);"
                                + " head -c 3 zero | wc -c; (echo x >full) 2>null || echo full"));
    }

    @Test
    void aDeviceReplacesWhatTheImageHasInItsPlace() throws IOException {
        List<Step> image = List.of(
                mkdir("dev"),
                step(Op.call("mknodat", CWD, text("dev/null"), word(0x8000 | 0600, "S_IFREG|0600"), number(0))),
                step(Op.call("symlinkat", text("/usr/bin/sh"), CWD, text("dev/zero"))));

        assertEquals("1 3\n1 5\n", run(image, "stat -c '%t %T' /dev/null /dev/zero"));
    }

    @Test
    void anImageWhoseDevIsALinkIsRefused() throws IOException {
        assertEquals(
                "open /dev, unless it is a symbolic link: 20",
                run(List.of(step(Op.call("symlinkat", text("usr"), CWD, text("dev")))), "echo started"));
    }

    @Test
    void anImageWithADirectoryInADevicesPlaceIsRefused() throws IOException {
        assertEquals("remove the image's /dev/null: 21", run(List.of(mkdir("dev"), mkdir("dev/null")), "echo started"));
    }

    @Test
    void theProbeBlocksNothingHere() {
        assertTrue(new ChrootIsolator().probe(launcher.host(), Settings.none()).supported());
    }

    /** What the script printed, or the step that failed. */
    private String run(List<Step> image, String script) throws IOException {
        LaunchProgram program = program(image, script);
        Launch launch = launcher.start(program, Streams.PIPES);
        String output = new String(launch.stdout().readAllBytes(), StandardCharsets.UTF_8)
                + new String(launch.stderr().readAllBytes(), StandardCharsets.UTF_8);
        Outcome outcome = launch.onExit().join();
        return outcome.failure()
                .map(failure -> program.line(failure.step()).step().description() + ": " + failure.errno())
                .orElse(output);
    }

    private LaunchProgram program(List<Step> image, String script) {
        Contribution contribution = new ChrootIsolator().contribute(Requests.any(launcher.host()));
        List<Line> lines = new ArrayList<>();
        add(lines, Section.SETUP, List.of(step(Op.call("umask", number(0)))));
        add(lines, Section.SETUP, List.of(step(new Op.Clone(Set.of(Namespace.MOUNT), Optional.empty()))));
        add(
                lines,
                Section.AFTER_CLONE,
                List.of(
                        step(Op.call("close", number(4))),
                        step(new Op.Supervise(Duration.ofSeconds(20), Duration.ZERO, null, 1, Duration.ZERO, 1))));
        add(lines, Section.CHILD, directoryWithPrograms());
        add(lines, Section.CHILD, image);
        for (Phase phase : Phase.values()) {
            add(lines, Section.CHILD, contribution.child().getOrDefault(phase, List.of()));
        }
        add(
                lines,
                Section.CHILD,
                List.of(
                        step(Op.call("rt_sigprocmask", flags("SIG_SETMASK"), block(number(0)), NULL, number(8))),
                        step(new Op.Exec(
                                List.of("/bin/sh"), List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin")))));
        return new LaunchProgram(lines);
    }

    private List<Step> directoryWithPrograms() {
        List<Step> steps = new ArrayList<>();
        steps.add(step(Op.call("mount", NULL, text("/"), NULL, flags("MS_REC", "MS_PRIVATE"), NULL)));
        steps.add(step(
                Op.call("mount", text("tmpfs"), text(directory.toString()), text("tmpfs"), flags(), text("mode=755"))));
        steps.add(step(Op.call("chdir", text(directory.toString()))));
        for (String name : List.of("usr", "bin", "lib", "lib64")) {
            if (Files.isSymbolicLink(Path.of("/", name))) {
                steps.add(step(Op.call("symlinkat", text("usr/" + name), CWD, text(name))));
            } else if (Files.isDirectory(Path.of("/", name))) {
                steps.add(mkdir(name));
                steps.add(step(Op.call("mount", text("/" + name), text(name), NULL, flags("MS_BIND", "MS_REC"), NULL)));
            }
        }
        return steps;
    }

    private static Step mkdir(String path) {
        return step(Op.call("mkdirat", CWD, text(path), mode(0755)));
    }

    private static Step step(Op op) {
        return Step.of("of the test", op);
    }

    private static void add(List<Line> lines, Section section, List<Step> steps) {
        steps.forEach(step -> lines.add(new Line(section, "test", step)));
    }
}
