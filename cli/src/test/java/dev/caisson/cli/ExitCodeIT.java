package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes as users of containers know them, and signals that end a container; with namespaces and with chroot. */
class ExitCodeIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    @ParameterizedTest
    @CsvSource({"hello, 7, exit 7", "hello, 137, kill -9 $$", "hello, 143, kill $$", "hello, 134, kill -ABRT $$"})
    @CsvSource({"chroot, 7, exit 7", "chroot, 137, kill -9 $$"})
    void theExitCodeIsTheCommands(String example, int code, String script) {
        assertEquals(new Run(code, "", ""), BED.caisson("run", TestBed.example(example), "--", "sh", "-c", script));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "chroot"})
    void aCommandThatIsNotThereIs127(String example) {
        Run run = BED.caisson("run", TestBed.example(example), "--", "no-such-program");

        assertEquals(127, run.exit(), run.toString());
        assertError(
                "engine, step \\d+ of \\d+: execute no-such-program: ENOENT \\(No such file or directory\\);"
                        + " no directory of the container's PATH has it \\(/usr/local/sbin:.*\\)",
                run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "chroot"})
    void aCommandThatIsNotExecutableIs126(String example) {
        Run run = BED.caisson("run", TestBed.example(example), "--", "/etc/hostname");

        assertEquals(126, run.exit(), run.toString());
        assertError(
                "engine, step \\d+ of \\d+: execute /etc/hostname: EACCES \\(Permission denied\\);"
                        + " it is not executable for the container's user",
                run);
    }

    @ParameterizedTest
    @CsvSource({"hello, INT, 130", "hello, TERM, 143", "chroot, INT, 130", "chroot, TERM, 143"})
    void aSignalToTheCommandLineEndsTheContainer(String example, String signal, int code) {
        List<ProcessHandle> all = new ArrayList<>();
        Running running = sleeping(example, all);

        running.signal(signal);

        assertEquals(new Run(code, "ready\n", ""), running.end());
        assertEquals(List.of(), all.stream().filter(ProcessHandle::isAlive).toList());
    }

    /** The kernel keeps signals from a pid 1 that has no handler for them, so this takes the grace period and a kill. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalEndsASleepThatIsPid1(String signal) {
        List<ProcessHandle> all = new ArrayList<>();
        Running running = sleeping("hello", all, "--set", "process.init=false", "--set", "timeouts.grace=1s");

        running.signal(signal);

        assertEquals(new Run(137, "ready\n", ""), running.end());
        assertEquals(List.of(), all.stream().filter(ProcessHandle::isAlive).toList());
    }

    /** A command that takes no notice is killed when its time to end is up. */
    @ParameterizedTest
    @ValueSource(strings = {"hello", "chroot"})
    void aCommandThatIgnoresTheSignalIsKilledAfterTheGracePeriod(String example) {
        Running running = BED.start(
                "run",
                TestBed.example(example),
                "--set",
                "timeouts.grace=1s",
                "--",
                "sh",
                "-c",
                "trap '' TERM; echo ready; sleep 1000; sleep 1000");
        running.awaitOutput("ready");

        running.signal("TERM");

        assertEquals(new Run(137, "ready\n", ""), running.end());
    }

    /** Without a pid namespace it is the cgroup that ends them. */
    @ParameterizedTest
    @ValueSource(strings = {"hello", "chroot"})
    void whatTheCommandLeavesRunningEndsWithIt(String example) {
        Run run = BED.caisson(
                "run", TestBed.example(example), "--", "sh", "-c", "(sleep 1000 &) >&- 2>&- <&-; echo left; exit 3");

        assertEquals(new Run(3, "left\n", ""), run);
        BED.assertNothingLeft();
    }

    private static Running sleeping(String example, List<ProcessHandle> all, String... options) {
        List<String> arguments = new ArrayList<>(List.of("run", TestBed.example(example)));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--", "sh", "-c", "echo ready; exec sleep 1000"));
        Running running = BED.start(arguments.toArray(String[]::new));
        running.awaitOutput("ready");
        all.addAll(running.below());
        assertTrue(all.size() >= 2, "the monitor and the command at least: " + all);
        return running;
    }

    /** One line, with nothing on standard output. */
    private static void assertError(String pattern, Run run) {
        assertEquals("", run.out());
        assertTrue(Pattern.matches("caisson: " + pattern + "\n", run.err()), run.err());
    }
}
