package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A broken profile gives one line: where, what, and what helps. Nothing is left behind. */
class BrokenProfilesIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    private static final Path BROKEN = TestBed.ROOT.resolve("engine/src/test/resources/broken");

    // What the reader refuses:

    static Stream<Path> profiles() throws IOException {
        try (Stream<Path> files = Files.list(BROKEN)) {
            List<Path> profiles = files.sorted().toList();
            assertTrue(profiles.size() >= 20, profiles.toString());
            return profiles.stream();
        }
    }

    /** Each says in its first line what is wrong with it, and where. */
    @ParameterizedTest
    @MethodSource("profiles")
    void isRefusedInOneLine(Path profile) throws IOException {
        Run run = check(profile.toString());

        assertRefused(run);
        String expected =
                Files.readAllLines(profile, StandardCharsets.ISO_8859_1).get(0);
        assertEquals(
                place(expected.replaceFirst("^# /?", "")), place(run.err().replace("caisson: " + BROKEN + "/", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown-key", "bomb", "cycle"})
    void theCommandItselfSaysTheSame(String name) {
        String profile = BROKEN.resolve(name + ".yaml").toString();

        Run run = BED.caisson("check", profile);

        assertRefused(run);
        assertEquals(check(profile), run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "explain"})
    void otherCommandsDoToo(String command) {
        String profile = BROKEN.resolve("wrong-type.yaml").toString();

        assertEquals(check(profile), checkWith(command, profile));
    }

    @Test
    void aBinaryFile() {
        assertRefused(check(Path.of("/bin/sh").toString()));
    }

    // What the engine refuses:

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        "unknown-isolator",
                        "isolators: [namespace]",
                        "1:13: unknown isolator \"namespace\"; known are chroot, namespaces, seccomp"),
                Arguments.of(
                        "unknown-controller",
                        "resources: {controller: cgroup, memory: 64MiB}",
                        "1:25: unknown resource controller \"cgroup\"; known are cgroupv1, cgroupv2"),
                Arguments.of(
                        "unknown-setting",
                        "isolators: [{namespaces: {netwrok: false}}]",
                        "1:27: isolators[0].namespaces: unknown key \"netwrok\"; did you mean \"network\"?"),
                Arguments.of(
                        "chroot-with-overlay",
                        "isolators: [chroot]\nprovider: overlay",
                        "1:13: chroot needs a root that is a plain directory, which none of the other backends here offers"
                                + " (overlay, CONTROLLER); choose one that does"),
                Arguments.of(
                        "namespaces-with-chroot",
                        "isolators: [namespaces, chroot]",
                        "1:25: both namespaces and chroot change the root directory; choose one of them"),
                Arguments.of(
                        "root-without-switch",
                        "isolators: [seccomp]",
                        "2:20: there is a root file system, but no isolator changes the root directory;"
                                + " add namespaces or chroot"),
                Arguments.of(
                        "limit-without-controller",
                        "resources: {controller: none, memory: 64MiB}",
                        "1:25: a memory limit is asked for, and there is no resource controller to enforce it;"
                                + " see caisson backends, or take the limit out"),
                Arguments.of(
                        "cpu-time-without-controller",
                        "resources: {controller: none}\ntimeouts: {cpu: 1s}",
                        "1:25: a limit on processor time is asked for, and there is no resource controller to measure it;"
                                + " see caisson backends, or take timeouts.cpu out"),
                Arguments.of(
                        "nothing-ends-it",
                        "isolators: [{namespaces: {pid: false}}]\nresources: {controller: none}",
                        "1:14: namespaces needs a way to end every process, which none of the other backends here offers"
                                + " (overlay); choose one that does"),
                Arguments.of(
                        "terminal-without-mounts",
                        "isolators: [chroot]\nprocess: {command: [sh], tty: true}",
                        "1:1: a terminal is asked for, but without a mount namespace the container has no"
                                + " /dev/pts of its own; add the namespaces isolator, or take tty out"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void combinationsThatMakeNoSense(String name, String head, String error) {
        String provider = head.contains("provider:") ? "overlay" : "auto";
        String text = head.replace("\nprovider: overlay", "") + "\nrootfs: {provider: " + provider
                + ", layers: [{host: [sh]}]}\n" + (head.contains("process:") ? "" : "process: {command: [sh]}\n");
        String profile = BED.profile(name, text);

        Run run = check(profile);

        String controller = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")) ? "cgroupv2" : "cgroupv1";
        assertEquals("caisson: " + profile + ":" + error.replace("CONTROLLER", controller) + "\n", run.err());
        assertRefused(run);
    }

    /** The file, the line and the column. */
    private static String place(String error) {
        return error.substring(0, error.indexOf(": "));
    }

    private static void assertRefused(Run run) {
        assertEquals(125, run.exit(), run.toString());
        assertEquals("", run.out());
        assertTrue(run.err().matches("caisson: [^\n]+:\\d+:\\d+: [^\n]+; [^\n]+\n"), run.err());
        assertFalse(Files.exists(BED.state()), "nothing was made");
    }

    private static Run check(String profile) {
        return checkWith("check", profile);
    }

    /** As the command does it, but in this process, as there are many. */
    private static Run checkWith(String command, String profile) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int exit = Main.run(BED.withDirectories(command, profile).toArray(String[]::new));
            return new Run(exit, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
