package dev.caisson.launcher;

import static dev.caisson.launcher.ProgramBuilder.cloning;
import static dev.caisson.launcher.ProgramBuilder.exec;
import static dev.caisson.launcher.ProgramBuilder.opening;
import static dev.caisson.launcher.ProgramBuilder.unblock;
import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
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
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs assembled programs on the real kernel. None of them needs root. */
class LauncherTest {

    private static final Duration NONE = Duration.ZERO;

    private final Launcher launcher = new Launcher();
    private ProgramBuilder builder = new ProgramBuilder();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        launcher.close();
    }

    @Test
    void exitCodeAndSignalOfTheCommandAreTold() {
        assertEquals(7 << 8, run("sh", "-c", "exit 7").status());
        builder = new ProgramBuilder();
        assertEquals(9, run("sh", "-c", "kill -9 $$").status());
    }

    @Test
    void streamsArePipes() throws Exception {
        builder.supervised(Duration.ZERO, Duration.ofSeconds(5));
        builder.child(unblock(), exec("sh", "-c", "read line; echo \"got $line\"; echo oops >&2"));
        Launch launch = launcher.start(builder.program(), Streams.PIPES);
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
        builder.supervised(NONE, NONE);
        builder.child(unblock(), exec("echo", "after"));
        launcher.start(
                        builder.program(),
                        new Streams(new Stdio.Discard(), new Stdio.File(file, true), new Stdio.Discard()))
                .onExit()
                .join();
        assertEquals("before\nafter\n", Files.readString(file));
    }

    @Test
    void failedStepsAreToldWithTheirNumberAndError() {
        builder.setup(mkdir("made"));
        builder.setup(mkdir("missing/made"));
        builder.teardown(rmdir("made"));
        Launch launch = launcher.start(builder.program(), Streams.DISCARD);
        assertEquals(Optional.of(new StepFailure(2, Errno.ENOENT.number())), launch.awaitStart());
        Outcome outcome = launch.onExit().join();
        assertEquals(Optional.of(new StepFailure(2, Errno.ENOENT.number())), outcome.failure());
        assertEquals(-1, outcome.status());
        assertFalse(Files.exists(directory.resolve("made")), "teardown ran");
    }

    @Test
    void aChildThatFailsIsToldTheSameWay() {
        builder.supervised(NONE, NONE);
        builder.child(mkdir("missing/made"));
        Launch launch = launcher.start(builder.program(), Streams.DISCARD);
        assertEquals(Optional.of(new StepFailure(4, Errno.ENOENT.number())), launch.awaitStart());
        assertEquals(
                Optional.of(new StepFailure(4, Errno.ENOENT.number())),
                launch.onExit().join().failure());
    }

    @Test
    void aMissingProgramIsTheStepsError() throws IOException {
        assertEquals(Errno.ENOENT.number(), runFailing(execOf("/missing/program", "/neither/here")));
        builder = new ProgramBuilder();
        Path file = Files.createFile(directory.resolve("not-executable"));
        assertEquals(Errno.EACCES.number(), runFailing(execOf(file.toString(), "/missing/program")));
    }

    @Test
    void failurePoliciesDecide() {
        builder.setup(mkdir("one"));
        builder.setup(mkdir("one").tolerating(Errno.EEXIST));
        builder.setup(mkdir("one").orElse(mkdir("two")));
        builder.setup(mkdir("one").retrying(Errno.EEXIST, 3, Duration.ofMillis(1), Errno.EPERM));
        builder.teardown(rmdir("one"));
        builder.teardown(rmdir("missing"));
        builder.teardown(rmdir("two"));
        Outcome outcome =
                launcher.start(builder.program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.of(new StepFailure(4, Errno.EEXIST.number())), outcome.failure());
        assertEquals(Optional.of(new StepFailure(6, Errno.ENOENT.number())), outcome.teardownFailure());
        assertFalse(Files.exists(directory.resolve("one")));
        assertFalse(
                Files.exists(directory.resolve("two")), "a failing teardown step does not keep others from running");
    }

    @Test
    void theRecordStaysWhenTheTeardownFailed() throws IOException {
        Path record = Files.createFile(directory.resolve("record"));
        builder.teardown(rmdir("missing"));
        builder.teardown(Step.of("drop the record", new Op.DropRecord(record.toString())));
        launcher.start(builder.program(), Streams.DISCARD).onExit().join();
        assertTrue(Files.exists(record));
        builder = new ProgramBuilder();
        builder.teardown(rmdir("missing").tolerating(Errno.ENOENT));
        builder.teardown(Step.of("drop the record", new Op.DropRecord(record.toString())));
        assertEquals(
                Optional.empty(),
                launcher.start(builder.program(), Streams.DISCARD)
                        .onExit()
                        .join()
                        .teardownFailure());
        assertFalse(Files.exists(record));
    }

    @Test
    void filesAreWrittenReadBackAndCollected() throws IOException {
        Path file = Files.writeString(directory.resolve("limit"), "12345678\n");
        builder.setup(Step.expect(file.toString(), "12345678"));
        builder.setup(Step.write(file.toString(), "987654321"));
        builder.setup(Step.expect(file.toString(), "98765432").tolerating(Errno.EBADMSG));
        builder.setup(Step.expect(directory.resolve("none").toString(), "1").tolerating(Errno.ENOENT));
        builder.teardown(Step.of("collect", new Op.CollectFile("limit", file.toString())));
        builder.teardown(Step.of(
                "collect", new Op.CollectFile("none", directory.resolve("none").toString())));
        Outcome outcome =
                launcher.start(builder.program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.empty(), outcome.failure());
        assertEquals(Map.of("limit", "987654321"), outcome.collected());
        builder = new ProgramBuilder();
        builder.setup(Step.expect(file.toString(), "98765432"));
        assertEquals(
                Optional.of(new StepFailure(1, Errno.EBADMSG.number())),
                launcher.start(builder.program(), Streams.DISCARD).awaitStart());
    }

    @Test
    void resultsAreFormattedAndPointedTo() {
        builder.setup(opening("dir", directory));
        builder.setup(Step.of(
                "mkdir",
                Op.call("mkdirat", CWD, formatted("/proc/self/fd/", "dir", "/" + "x".repeat(40)), mode(0755))));
        builder.setup(Step.of(
                "poll",
                Op.call("ppoll", block(result("dir")), number(1), block(number(0), number(0)), NULL, number(8))));
        Outcome outcome =
                launcher.start(builder.program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.empty(), outcome.failure());
        assertTrue(Files.isDirectory(directory.resolve("x".repeat(40))));
    }

    @Test
    void aDeadlineKills() {
        builder.supervised(Duration.ofMillis(50), NONE);
        builder.child(unblock(), exec("sleep", "100"));
        Outcome outcome =
                launcher.start(builder.program(), Streams.DISCARD).onExit().join();
        assertEquals(Cause.WALL, outcome.cause());
        assertEquals(9, outcome.status());
        assertTrue(outcome.wall().toMillis() >= 50);
    }

    @Test
    void theProcessorTimeClockIsWatched() throws Exception {
        Path clock = Files.writeString(directory.resolve("clock"), "usage_usec 100\nuser_usec 900000000\n");
        builder.setup(cloning());
        builder.after(Step.of(
                "supervise",
                new Op.Supervise(NONE, Duration.ofMillis(20), clock.toString(), 1000, Duration.ofSeconds(9), 1)));
        builder.child(unblock(), exec("sleep", "100"));
        Launch launch = launcher.start(builder.program(), Streams.DISCARD);
        assertFalse(launch.onExit().isDone());
        Files.writeString(clock, "usage_usec 20000\nuser_usec 0\n");
        Outcome outcome = launch.onExit().get(20, TimeUnit.SECONDS);
        assertEquals(Cause.CPU, outcome.cause());
        assertEquals(9, outcome.status());
    }

    @Test
    void signalsAreForwarded() throws Exception {
        builder.supervised(NONE, Duration.ofSeconds(20));
        builder.child(
                unblock(),
                exec(
                        "sh",
                        "-c",
                        "trap 'echo usr1' USR1; trap 'echo term; exit 3' TERM; echo ready; while :; do sleep 0.01; done"));
        Launch launch = launcher.start(builder.program(), Streams.PIPES);
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
        builder.supervised(NONE, Duration.ofMillis(50));
        builder.child(unblock(), exec(stubborn));
        Launch launch = launcher.start(builder.program(), Streams.PIPES);
        launch.stdout().readNBytes(6);
        launch.signal(15);
        assertEquals(9, launch.onExit().get(20, TimeUnit.SECONDS).status());
        builder = new ProgramBuilder();
        builder.supervised(NONE, Duration.ofHours(1));
        builder.child(unblock(), exec(stubborn));
        launch = launcher.start(builder.program(), Streams.PIPES);
        launch.stdout().readNBytes(6);
        launch.signal(2);
        launch.signal(2);
        assertEquals(9, launch.onExit().get(20, TimeUnit.SECONDS).status());
    }

    @Test
    void aResultOfTheTeardownDoesNotHideOneOfTheSetup() {
        builder.setup(opening("dir", directory), cloning());
        builder.child(Step.of("make", Op.call("mkdirat", result("dir"), text("made"), mode(0755))));
        builder.teardown(opening("dir", directory));
        builder.teardown(Step.of("make", Op.call("mkdirat", result("dir"), text("also"), mode(0755))));
        Outcome outcome =
                launcher.start(builder.program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.empty(), outcome.failure());
        assertTrue(Files.exists(directory.resolve("made")));
        assertTrue(Files.exists(directory.resolve("also")));
    }

    @Test
    void aCloneThatFailsTakesNoTime() {
        builder.setup(opening("dir", directory));
        builder.setup(
                Step.of("clone", new Op.Clone(Set.of(), Optional.of(new Argument.Result("dir"))))); // not a cgroup
        Outcome outcome =
                launcher.start(builder.program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.of(new StepFailure(2, Errno.EBADF.number())), outcome.failure());
        assertEquals(-1, outcome.status());
        assertEquals(Duration.ZERO, outcome.wall());
    }

    @Test
    void aSignalThatComesTooLateDoesNotLoseTheOutcome() throws Exception {
        builder.supervised();
        builder.child(exec("true"));
        for (int i = 0; i < 100; i++) {
            Launch launch = launcher.start(builder.program(), Streams.DISCARD);
            while (!launch.onExit().isDone()) {
                launch.signal(28); // SIGWINCH, which does nothing
            }
            assertEquals(0, launch.onExit().get(10, TimeUnit.SECONDS).status());
        }
    }

    @Test
    void whoIsToldOfAnEndMayWaitForAnother() throws Exception {
        builder.supervised();
        builder.child(unblock(), exec("sleep", "0.1"));
        Launch last = launcher.start(builder.program(), Streams.DISCARD);
        CompletableFuture<Integer> all = CompletableFuture.completedFuture(0);
        for (int i = 0; i < 5; i++) {
            CompletableFuture<Outcome> waitedFor = last.onExit();
            last = launcher.start(builder.program(), Streams.DISCARD);
            all = all.thenCombine(
                    last.onExit().thenApply(outcome -> waitedFor.join().status()), Integer::sum);
        }
        assertEquals(0, all.get(10, TimeUnit.SECONDS));
    }

    @Test
    void argumentsMayBeManyButNotTooLong() throws Exception {
        List<String> many = new ArrayList<>(List.of("sh", "-c", "echo $#", "sh"));
        many.addAll(Collections.nCopies(1000, "x".repeat(130)));
        builder.supervised();
        builder.child(unblock(), exec(many.toArray(String[]::new)));
        Launch launch = launcher.start(builder.program(), Streams.PIPES);
        assertEquals("1000\n", new String(launch.stdout().readAllBytes(), StandardCharsets.UTF_8));
        builder = new ProgramBuilder();
        assertEquals(Errno.E2BIG.number(), runFailing(exec("echo", "x".repeat(128 * 1024))));
    }

    private Outcome run(String... command) {
        builder.supervised(NONE, NONE);
        builder.child(unblock(), exec(command));
        Launch launch = launcher.start(builder.program(), Streams.DISCARD);
        assertEquals(Optional.empty(), launch.awaitStart());
        return launch.onExit().join();
    }

    private int runFailing(Step exec) {
        builder.supervised(NONE, NONE);
        builder.child(exec);
        Launch launch = launcher.start(builder.program(), Streams.DISCARD);
        int error = launch.awaitStart().orElseThrow().errno();
        assertEquals(125 << 8, launch.onExit().join().status());
        return error;
    }

    private static Step execOf(String... candidates) {
        return Step.of("execute", new Op.Exec(List.of(candidates), List.of("x"), Map.of()));
    }

    private Step mkdir(String name) {
        return ProgramBuilder.mkdir(directory.resolve(name));
    }

    private Step rmdir(String name) {
        return ProgramBuilder.rmdir(directory.resolve(name));
    }
}
