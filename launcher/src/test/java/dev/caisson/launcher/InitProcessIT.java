package dev.caisson.launcher;

import static dev.caisson.launcher.ProgramBuilder.dieWithTheMonitor;
import static dev.caisson.launcher.ProgramBuilder.exec;
import static dev.caisson.launcher.ProgramBuilder.unblock;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.launcher.Outcome.Cause;
import dev.caisson.program.Argument;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs commands under a pid 1 of the assembler's making, in pid namespaces of their own; looks at it from outside and from inside. */
class InitProcessIT {

    private final Launcher launcher = new Launcher();

    @BeforeEach
    void needsRoot() {
        assumeTrue(launcher.host().privileged(), "making a pid namespace needs root");
    }

    @AfterEach
    void close() {
        launcher.close();
    }

    @Test
    void endsAsTheCommandDoes() throws Exception {
        assertEquals(7 << 8, outcome(start("exit 7")).status());
        assertEquals(9, outcome(start("kill -9 $$")).status());
        assertEquals(6, outcome(start("ulimit -c 0; kill -ABRT $$")).status() & 0x7f);
    }

    @Test
    void reapsOrphans() throws Exception {
        Launch launch =
                start("for i in 1 2 3 4 5; do (sleep 0.05 &); (exec true &); done; echo ready; exec sleep 1000");
        assertReady(launch);
        long init = init(launch);
        List<String> children = Leftovers.childrenOf(init);
        for (int i = 0; i < 500 && children.size() > 1; i++) {
            Thread.sleep(10);
            children = Leftovers.childrenOf(init);
        }
        assertEquals(1, children.size(), children.toString());
        assertTrue(children.get(0).endsWith("(sleep) S"), children.toString());
        launch.signal(9);
        assertEquals(9, outcome(launch).status());
    }

    @Test
    void isNotKeptByOrphansOfTheCommand() throws Exception {
        Launch launch = start("sleep 1000 & exit 3");
        assertEquals(3 << 8, outcome(launch).status());
    }

    @Test
    void passesSignalsOn() throws Exception {
        String loop = "while :; do sleep 0.01; done";
        Launch launch = start("trap 'echo usr1' USR1; trap 'exit 5' TERM; echo ready; " + loop);
        assertReady(launch);
        launch.signal(10);
        assertEquals("usr1\n", new String(launch.stdout().readNBytes(5), StandardCharsets.UTF_8));
        launch.signal(15);
        Outcome outcome = outcome(launch);
        assertEquals(5 << 8, outcome.status());
        assertEquals(Cause.SIGNAL, outcome.cause());

        Outcome fromInside = outcome(start("trap 'exit 6' TERM; kill -TERM 1; " + loop));
        assertEquals(6 << 8, fromInside.status());
        assertEquals(Cause.ITSELF, fromInside.cause());

        Launch plain = start("echo ready; exec sleep 1000");
        assertReady(plain);
        plain.signal(15); // for which sleep has no handler
        assertEquals(15, outcome(plain).status());
    }

    @Test
    void hasNothingAndMayDoNothing() throws Exception {
        Launch launch = launcher.start(
                new ProgramBuilder()
                        .supervised(Namespace.PID)
                        .child(
                                Step.of(
                                        "drop the group",
                                        Op.call("setresgid", number(1000), number(1000), number(1000))),
                                Step.of(
                                        "drop the user",
                                        Op.call("setresuid", number(1000), number(1000), number(1000))),
                                dieWithTheMonitor(),
                                Step.of("fork", new Op.ForkInit()),
                                unblock(),
                                exec("sh", "-c", "echo ready; exec sleep 1000"))
                        .program(),
                Streams.PIPES);
        assertReady(launch);
        long init = init(launch);
        String status = Files.readString(proc(init, "status"));
        assertEquals("2", field(status, "Seccomp"));
        assertEquals("1", field(status, "NoNewPrivs"));
        assertEquals("0000000000000000", field(status, "CapEff"));
        try (Stream<Path> descriptors = Files.list(proc(init, "fd"))) {
            assertEquals(0, descriptors.count());
        }
        // Not dumpable: its files belong to root, though it runs as 1000; those of the command belong to 1000.
        assertEquals(0, Files.getAttribute(proc(init, "environ"), "unix:uid"));
        long command = Long.parseLong(Leftovers.childrenOf(init).get(0).split(" ", -1)[0]);
        assertEquals(1000, Files.getAttribute(proc(command, "environ"), "unix:uid"));
        for (long process : new long[] {init, launch.monitorPid()}) {
            String memory = Files.readString(proc(process, "smaps_rollup"));
            int kilobytes = Integer.parseInt(field(memory, "Pss").replace(" kB", ""));
            assertTrue(kilobytes < 64, memory); // it is 20 with pages of 4 KiB
        }
        launch.signal(9);
        outcome(launch);
    }

    @Test
    void isReadyBeforeTheCommandIs() throws Exception {
        for (int i = 0; i < 30; i++) {
            Launch launch = launcher.start(
                    new ProgramBuilder()
                            .supervised(Namespace.PID, Namespace.MOUNT)
                            .child(
                                    mount("none", "/", NULL, "MS_REC", "MS_PRIVATE"),
                                    mount("proc", "/proc", text("proc")),
                                    Step.of("fork", new Op.ForkInit()),
                                    unblock(),
                                    exec("sh", "-c", "grep Seccomp: /proc/1/status; ls /proc/1/fd"))
                            .program(),
                    Streams.PIPES);
            assertEquals("Seccomp:\t2\n", new String(launch.stdout().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, outcome(launch).status());
        }
    }

    private static Step mount(String source, String target, Argument type, String... flags) {
        return Step.of("mount " + target, Op.call("mount", text(source), text(target), type, flags(flags), NULL));
    }

    private Launch start(String script) {
        return launcher.start(
                new ProgramBuilder()
                        .supervised(Duration.ofSeconds(60), Duration.ofSeconds(30), Namespace.PID)
                        .child(Step.of("fork", new Op.ForkInit()), unblock(), exec("sh", "-c", script))
                        .program(),
                Streams.PIPES);
    }

    private static void assertReady(Launch launch) throws IOException {
        assertEquals("ready\n", new String(launch.stdout().readNBytes(6), StandardCharsets.UTF_8));
    }

    private static Outcome outcome(Launch launch) throws Exception {
        Outcome outcome = launch.onExit().get(30, TimeUnit.SECONDS);
        assertTrue(outcome.failure().isEmpty(), outcome.toString());
        launch.stdin().close();
        launch.stdout().close();
        launch.stderr().close();
        return outcome;
    }

    /** Pid 1, as the host sees it. */
    private static long init(Launch launch) {
        return Long.parseLong(Leftovers.childrenOf(launch.monitorPid()).get(0).split(" ", -1)[0]);
    }

    private static Path proc(long pid, String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }

    private static String field(String status, String name) {
        Matcher matcher =
                Pattern.compile("^" + name + ":\\s*(.*)$", Pattern.MULTILINE).matcher(status);
        assertTrue(matcher.find(), status);
        return matcher.group(1);
    }
}
