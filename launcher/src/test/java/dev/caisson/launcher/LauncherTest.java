package dev.caisson.launcher;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.formatted;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Stdio;
import dev.caisson.launcher.Outcome.Cause;
import dev.caisson.launcher.Outcome.StepFailure;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs assembled programs on the real kernel. None of them needs root. */
class LauncherTest {

    private static final Duration NONE = Duration.ZERO;

    private final Launcher launcher = new Launcher();
    private final List<Line> lines = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void exitCodeAndSignalOfTheCommandAreTold() {
        assertEquals(7 << 8, run("sh", "-c", "exit 7").status());
        lines.clear();
        assertEquals(9, run("sh", "-c", "kill -9 $$").status());
    }

    @Test
    void streamsArePipes() throws Exception {
        supervised(Duration.ZERO, Duration.ofSeconds(5));
        child(unblock(), exec("sh", "-c", "read line; echo \"got $line\"; echo oops >&2"));
        Launch launch = launcher.start(program(), Streams.PIPES);
        launch.stdin().write("word\n".getBytes(StandardCharsets.UTF_8));
        launch.stdin().close();
        assertEquals("got word\n", new String(launch.stdout().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals("oops\n", new String(launch.stderr().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, launch.onExit().get(10, TimeUnit.SECONDS).status());
    }

    @Test
    void outputGoesToAFile() throws Exception {
        Path file = directory.resolve("out");
        Files.writeString(file, "before\n");
        supervised(NONE, NONE);
        child(unblock(), exec("echo", "after"));
        launcher.start(program(), new Streams(new Stdio.Discard(), new Stdio.File(file, true), new Stdio.Discard()))
                .onExit()
                .join();
        assertEquals("before\nafter\n", Files.readString(file));
    }

    @Test
    void failedStepsAreToldWithTheirNumberAndError() {
        setup(mkdir("made"));
        setup(mkdir("missing/made"));
        teardown(rmdir("made"));
        Launch launch = launcher.start(program(), Streams.DISCARD);
        assertEquals(Optional.of(new StepFailure(2, Errno.ENOENT.number())), launch.awaitStart());
        Outcome outcome = launch.onExit().join();
        assertEquals(Optional.of(new StepFailure(2, Errno.ENOENT.number())), outcome.failure());
        assertEquals(-1, outcome.status());
        assertFalse(Files.exists(directory.resolve("made")), "teardown ran");
    }

    @Test
    void aChildThatFailsIsToldTheSameWay() {
        supervised(NONE, NONE);
        child(mkdir("missing/made"));
        Launch launch = launcher.start(program(), Streams.DISCARD);
        assertEquals(Optional.of(new StepFailure(4, Errno.ENOENT.number())), launch.awaitStart());
        assertEquals(
                Optional.of(new StepFailure(4, Errno.ENOENT.number())),
                launch.onExit().join().failure());
    }

    @Test
    void aMissingProgramIsTheStepsError() throws IOException {
        assertEquals(Errno.ENOENT.number(), runFailing(execOf("/missing/program", "/neither/here")));
        lines.clear();
        Path file = Files.createFile(directory.resolve("not-executable"));
        assertEquals(Errno.EACCES.number(), runFailing(execOf(file.toString(), "/missing/program")));
    }

    @Test
    void failurePoliciesDecide() {
        setup(mkdir("one"));
        setup(mkdir("one").tolerating(Errno.EEXIST));
        setup(mkdir("one").orElse(mkdir("two")));
        setup(mkdir("one").retrying(Errno.EEXIST, 3, Duration.ofMillis(1), Errno.EPERM));
        teardown(rmdir("one"));
        teardown(rmdir("missing"));
        teardown(rmdir("two"));
        Outcome outcome = launcher.start(program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.of(new StepFailure(4, Errno.EEXIST.number())), outcome.failure());
        assertEquals(Optional.of(new StepFailure(6, Errno.ENOENT.number())), outcome.teardownFailure());
        assertFalse(Files.exists(directory.resolve("one")));
        assertFalse(
                Files.exists(directory.resolve("two")), "a failing teardown step does not keep others from running");
    }

    @Test
    void theRecordStaysWhenTheTeardownFailed() throws IOException {
        Path record = Files.createFile(directory.resolve("record"));
        teardown(rmdir("missing"));
        teardown(Step.of("drop the record", new Op.DropRecord(record.toString())));
        launcher.start(program(), Streams.DISCARD).onExit().join();
        assertTrue(Files.exists(record));
        lines.clear();
        teardown(rmdir("missing").tolerating(Errno.ENOENT));
        teardown(Step.of("drop the record", new Op.DropRecord(record.toString())));
        assertEquals(
                Optional.empty(),
                launcher.start(program(), Streams.DISCARD).onExit().join().teardownFailure());
        assertFalse(Files.exists(record));
    }

    @Test
    void filesAreWrittenReadBackAndCollected() throws IOException {
        Path file = Files.writeString(directory.resolve("limit"), "12345678\n");
        setup(Step.expect(file.toString(), "12345678"));
        setup(Step.write(file.toString(), "987654321"));
        setup(Step.expect(file.toString(), "98765432").tolerating(Errno.EBADMSG));
        setup(Step.expect(directory.resolve("none").toString(), "1").tolerating(Errno.ENOENT));
        teardown(Step.of("collect", new Op.CollectFile("limit", file.toString())));
        teardown(Step.of(
                "collect", new Op.CollectFile("none", directory.resolve("none").toString())));
        Outcome outcome = launcher.start(program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.empty(), outcome.failure());
        assertEquals(Map.of("limit", "987654321"), outcome.collected());
        lines.clear();
        setup(Step.expect(file.toString(), "98765432"));
        assertEquals(
                Optional.of(new StepFailure(1, Errno.EBADMSG.number())),
                launcher.start(program(), Streams.DISCARD).awaitStart());
    }

    @Test
    void resultsAreFormattedAndPointedTo() {
        setup(Step.of(
                        "open",
                        Op.call("openat", CWD, text(directory.toString()), flags("O_RDONLY", "O_CLOEXEC"), number(0)))
                .naming("dir"));
        setup(Step.of(
                "mkdir",
                Op.call("mkdirat", CWD, formatted("/proc/self/fd/", "dir", "/" + "x".repeat(40)), mode(0755))));
        setup(Step.of(
                "poll",
                Op.call("ppoll", block(result("dir")), number(1), block(number(0), number(0)), NULL, number(8))));
        Outcome outcome = launcher.start(program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.empty(), outcome.failure());
        assertTrue(Files.isDirectory(directory.resolve("x".repeat(40))));
    }

    @Test
    void theChildWaitsAtTheGateAndSharesWhatTheMonitorOpens() {
        setup(Step.of("clone", new Op.Clone(Set.of(), Optional.empty())));
        after(Step.of("pause", Op.call("nanosleep", block(number(0), number(50_000_000)), NULL)));
        after(mkdir("before"));
        after(Step.of(
                        "open",
                        Op.call("openat", CWD, text(directory.toString()), flags("O_RDONLY", "O_CLOEXEC"), number(0)))
                .naming("dir"));
        after(Step.of(
                "look",
                Op.call("openat", CWD, formatted("/proc/", Op.Clone.PID, "/status"), flags("O_RDONLY"), number(0))));
        after(Step.of("open the gate", new Op.OpenGate()));
        child(Step.of("wait", new Op.AwaitGate()));
        child(Step.of("remove", Op.call("unlinkat", result("dir"), text("before"), flags("AT_REMOVEDIR"))));
        Outcome outcome = launcher.start(program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.empty(), outcome.failure());
        assertEquals(0, outcome.status());
        assertFalse(Files.exists(directory.resolve("before")));
    }

    @Test
    void aDeadlineKills() {
        supervised(Duration.ofMillis(50), NONE);
        child(unblock(), exec("sleep", "100"));
        Outcome outcome = launcher.start(program(), Streams.DISCARD).onExit().join();
        assertEquals(Cause.WALL, outcome.cause());
        assertEquals(9, outcome.status());
        assertTrue(outcome.wall().toMillis() >= 50);
    }

    @Test
    void theProcessorTimeClockIsWatched() throws Exception {
        Path clock = Files.writeString(directory.resolve("clock"), "usage_usec 100\nuser_usec 900000000\n");
        setup(Step.of("clone", new Op.Clone(Set.of(), Optional.empty())));
        after(Step.of(
                "supervise",
                new Op.Supervise(NONE, Duration.ofMillis(20), clock.toString(), 1000, Duration.ofSeconds(9), 1)));
        child(unblock(), exec("sleep", "100"));
        Launch launch = launcher.start(program(), Streams.DISCARD);
        assertFalse(launch.onExit().isDone());
        Files.writeString(clock, "usage_usec 20000\nuser_usec 0\n");
        Outcome outcome = launch.onExit().get(20, TimeUnit.SECONDS);
        assertEquals(Cause.CPU, outcome.cause());
        assertEquals(9, outcome.status());
    }

    @Test
    void signalsAreForwarded() throws Exception {
        supervised(NONE, Duration.ofSeconds(20));
        child(
                unblock(),
                exec(
                        "sh",
                        "-c",
                        "trap 'echo usr1' USR1; trap 'echo term; exit 3' TERM; echo ready; while :; do sleep 0.01; done"));
        Launch launch = launcher.start(program(), Streams.PIPES);
        assertEquals("ready\n", new String(launch.stdout().readNBytes(6), StandardCharsets.UTF_8));
        launch.signal(10);
        assertEquals("usr1\n", new String(launch.stdout().readNBytes(5), StandardCharsets.UTF_8));
        launch.signal(15);
        Outcome outcome = launch.onExit().get(20, TimeUnit.SECONDS);
        assertEquals(3 << 8, outcome.status());
        assertEquals(Cause.SIGNAL, outcome.cause());
        launch.signal(15); // too late, and harmless
    }

    @Test
    void whatDoesNotEndWhenAskedIsKilledAfterTheGracePeriodOrAtTheSecondRequest() throws Exception {
        String[] stubborn = {"sh", "-c", "trap '' TERM INT; echo ready; while :; do sleep 0.01; done"};
        supervised(NONE, Duration.ofMillis(50));
        child(unblock(), exec(stubborn));
        Launch launch = launcher.start(program(), Streams.PIPES);
        launch.stdout().readNBytes(6);
        launch.signal(15);
        assertEquals(9, launch.onExit().get(20, TimeUnit.SECONDS).status());
        lines.clear();
        supervised(NONE, Duration.ofHours(1));
        child(unblock(), exec(stubborn));
        launch = launcher.start(program(), Streams.PIPES);
        launch.stdout().readNBytes(6);
        launch.signal(2);
        launch.signal(2);
        assertEquals(9, launch.onExit().get(20, TimeUnit.SECONDS).status());
    }

    private Outcome run(String... command) {
        supervised(NONE, NONE);
        child(unblock(), exec(command));
        Launch launch = launcher.start(program(), Streams.DISCARD);
        assertEquals(Optional.empty(), launch.awaitStart());
        return launch.onExit().join();
    }

    private int runFailing(Step exec) {
        supervised(NONE, NONE);
        child(exec);
        Launch launch = launcher.start(program(), Streams.DISCARD);
        int error = launch.awaitStart().orElseThrow().errno();
        assertEquals(125 << 8, launch.onExit().join().status());
        return error;
    }

    private void supervised(Duration wall, Duration grace) {
        setup(Step.of("clone", new Op.Clone(Set.of(), Optional.empty())));
        after(Step.of("close the status socket", Op.call("close", number(4))));
        after(Step.of("supervise", new Op.Supervise(wall, NONE, null, 1, grace, 1)));
    }

    private static Step unblock() {
        return Step.of(
                "unblock signals", Op.call("rt_sigprocmask", flags("SIG_SETMASK"), block(number(0)), NULL, number(8)));
    }

    private static Step exec(String... command) {
        return Step.of(
                "execute",
                new Op.Exec(
                        List.of("/usr/bin/" + command[0], "/bin/" + command[0]),
                        List.of(command),
                        Map.of("PATH", "/usr/bin:/bin")));
    }

    private static Step execOf(String... candidates) {
        return Step.of("execute", new Op.Exec(List.of(candidates), List.of("x"), Map.of()));
    }

    private Step mkdir(String name) {
        return Step.of("make " + name, Op.call("mkdirat", CWD, path(name), mode(0755)));
    }

    private Step rmdir(String name) {
        return Step.of("remove " + name, Op.call("unlinkat", CWD, path(name), flags("AT_REMOVEDIR")));
    }

    private Argument path(String name) {
        return text(directory.resolve(name).toString());
    }

    private void setup(Step step) {
        lines.add(new Line(Section.SETUP, "test", step));
    }

    private void after(Step step) {
        lines.add(new Line(Section.AFTER_CLONE, "test", step));
    }

    private void child(Step... steps) {
        for (Step step : steps) {
            lines.add(new Line(Section.CHILD, "test", step));
        }
    }

    private void teardown(Step step) {
        lines.add(new Line(Section.TEARDOWN, "test", step));
    }

    private LaunchProgram program() {
        return new LaunchProgram(lines);
    }
}
