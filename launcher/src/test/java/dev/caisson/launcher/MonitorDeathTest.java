package dev.caisson.launcher;

import static dev.caisson.launcher.ProgramBuilder.cloning;
import static dev.caisson.launcher.ProgramBuilder.closeOnExec;
import static dev.caisson.launcher.ProgramBuilder.dieWithTheMonitor;
import static dev.caisson.launcher.ProgramBuilder.mkdir;
import static dev.caisson.launcher.ProgramBuilder.rmdir;
import static dev.caisson.launcher.ProgramBuilder.unblock;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.HostException;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills what takes part in a launch, at several points, and looks at what becomes of the rest. */
@Timeout(120)
class MonitorDeathTest {

    private static final Step SLEEP = Step.of("sleep", Op.call("nanosleep", block(number(1000), number(0)), NULL));

    private final Launcher launcher = new Launcher();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        launcher.close();
    }

    @Test
    void whenTheMonitorIsKilledTheCommandDiesAndTheLauncherGoesOn() throws Exception {
        Leftovers before = Leftovers.now();
        Launch launch = launcher.start(sleeping(directory.resolve("made")), Streams.DISCARD);
        assertTrue(launch.awaitStart().isEmpty());
        ProcessHandle command = childOf(launch.monitorPid());
        kill(launch.monitorPid());
        HostException cause = assertInstanceOf(
                HostException.class,
                assertThrows(ExecutionException.class, () -> launch.onExit().get(10, TimeUnit.SECONDS))
                        .getCause());
        assertTrue(cause.toString().contains("died without telling"), cause.toString());
        await("the command dies", () -> !command.isAlive());
        launch.signal(15); // too late, and harmless

        Launch next = launcher.start(sleeping(directory.resolve("other")), Streams.DISCARD);
        next.signal(9);
        assertEquals(9, next.onExit().get(10, TimeUnit.SECONDS).status());
        launcher.close();
        before.assertNothingMore();
    }

    @Test
    void whenTheMonitorIsKilledAChildDoesNotWaitAtTheGate() throws Exception {
        Launch launch = launcher.start(
                new ProgramBuilder()
                        .setup(cloning())
                        .after(SLEEP, Step.of("open the gate", new Op.OpenGate()))
                        .child(Step.of("wait", new Op.AwaitGate()), mkdir(directory.resolve("passed")))
                        .program(),
                Streams.DISCARD);
        ProcessHandle child = childOf(launch.monitorPid());
        kill(launch.monitorPid());
        await("the child ends", () -> !child.isAlive());
        assertFalse(Files.exists(directory.resolve("passed")));
        assertThrows(ExecutionException.class, () -> launch.onExit().get(10, TimeUnit.SECONDS));
    }

    @Test
    void whenTheChildIsKilledBeforeItIsSupervisedTheMonitorTearsDown() throws Exception {
        Launch launch = launcher.start(
                new ProgramBuilder()
                        .setup(mkdir(directory.resolve("made")), cloning())
                        .after(
                                Step.of("pause", Op.call("nanosleep", block(number(0), number(200_000_000)), NULL)),
                                ProgramBuilder.supervise(Duration.ZERO, Duration.ZERO))
                        .child(SLEEP)
                        .teardown(rmdir(directory.resolve("made")))
                        .program(),
                Streams.DISCARD);
        kill(childOf(launch.monitorPid()).pid());
        assertEquals(9, launch.onExit().get(10, TimeUnit.SECONDS).status());
        assertFalse(Files.exists(directory.resolve("made")));
    }

    /** The JVM is killed at some point of starting and stopping containers: each of them ends, and tears down. */
    @Test
    void whenTheJvmIsKilledEveryContainerEndsAndTearsDown() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 3; round++) {
            Path made = Files.createDirectory(directory.resolve("round" + round));
            Process jvm = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Victim.class.getName(),
                            made.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader output = jvm.inputReader()) {
                assertEquals("ready", output.readLine());
            }
            Thread.sleep(random.nextInt(100));
            jvm.destroyForcibly().waitFor();
            await("all of " + made + " is torn down", () -> empty(made));
            await(
                    "all commands of " + made + " are dead",
                    () -> ProcessHandle.allProcesses()
                            .noneMatch(process -> process.info()
                                    .commandLine()
                                    .map(line -> line.contains(made.toString()))
                                    .orElse(false)));
        }
    }

    /** Starts containers in several threads, for as long as it lives. */
    static final class Victim {

        public static void main(String[] arguments) throws Exception {
            Launcher launcher = new Launcher();
            Path directory = Path.of(arguments[0]);
            launcher.start(sleeping(directory.resolve("first")), Streams.DISCARD)
                    .awaitStart();
            System.out.println("ready");
            for (int i = 0; i < 3; i++) {
                int thread = i;
                new Thread(() -> startAndStop(launcher, directory, thread)).start();
            }
        }

        private static void startAndStop(Launcher launcher, Path directory, int thread) {
            for (int i = 0; ; i++) {
                Launch launch = launcher.start(sleeping(directory.resolve(thread + "-" + i)), Streams.DISCARD);
                if (i % 4 != 0) {
                    launch.signal(9);
                    launch.onExit().join();
                }
            }
        }
    }

    /** Makes the directory, sleeps, and removes the directory. */
    private static LaunchProgram sleeping(Path made) {
        Op sleep = new Op.Exec(List.of("/usr/bin/sleep", "/bin/sleep"), List.of(made.toString(), "1000"), Map.of());
        return new ProgramBuilder()
                .setup(mkdir(made))
                .supervised()
                .child(dieWithTheMonitor(), closeOnExec(), unblock(), Step.of("sleep under a telling name", sleep))
                .teardown(rmdir(made))
                .program();
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private static ProcessHandle childOf(long pid) throws InterruptedException {
        await("there is a child", () -> !Leftovers.childrenOf(pid).isEmpty());
        return ProcessHandle.of(Long.parseLong(Leftovers.childrenOf(pid).get(0).split(" ", -1)[0]))
                .orElseThrow();
    }

    private static boolean empty(Path directory) {
        String[] names = new File(directory.toString()).list();
        return names != null && names.length == 0;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("in vain: " + what);
    }
}
