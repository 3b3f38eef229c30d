package dev.caisson.launcher;

import static dev.caisson.launcher.ProgramBuilder.cloning;
import static dev.caisson.launcher.ProgramBuilder.mkdir;
import static dev.caisson.launcher.ProgramBuilder.rmdir;
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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tries programs, and performs single system calls in this process. */
class LocalHostTest {

    private final Launcher launcher = new Launcher();
    private final Host host = launcher.host();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        launcher.close();
    }

    @Test
    void anAttemptTellsWhichStepFailed() {
        Path made = directory.resolve("made");
        assertEquals(
                Optional.empty(),
                host.attempt(new ProgramBuilder()
                        .setup(cloning())
                        .child(mkdir(made))
                        .teardown(rmdir(made))
                        .program()));
        assertFalse(Files.exists(made));

        assertFailed("make nothing", Errno.ENOENT, new ProgramBuilder().setup(mkdir(Path.of("/missing/nothing"))));
        assertFailed(
                "make nothing",
                Errno.ENOENT,
                new ProgramBuilder().setup(cloning()).child(mkdir(Path.of("/missing/nothing"))));
        assertFailed("remove made", Errno.ENOENT, new ProgramBuilder().teardown(rmdir(made)));
    }

    private void assertFailed(String description, Errno errno, ProgramBuilder builder) {
        Host.Failure failure = host.attempt(builder.program()).orElseThrow();
        assertEquals(description, failure.line().step().description());
        assertTrue(failure.is(errno), failure.toString());
    }

    @Test
    void anAttemptThatIsKilledIsNoSuccess() {
        Step die = Step.of("die", Op.call("tkill", result("self"), flags("SIGKILL")));
        Step self = Step.of("know oneself", Op.call("gettid")).naming("self");
        HostException ofChild = assertThrows(
                HostException.class,
                () -> host.attempt(
                        new ProgramBuilder().setup(cloning()).child(self, die).program()));
        assertTrue(ofChild.toString().contains("wait status 9"), ofChild.toString());
        HostException ofMonitor = assertThrows(
                HostException.class,
                () -> host.attempt(new ProgramBuilder().setup(self, die).program()));
        assertTrue(ofMonitor.toString().contains("died without telling"), ofMonitor.toString());
    }

    @Test
    void singleCallsReturnWhatTheKernelDoes() {
        assertEquals(ProcessHandle.current().pid(), call("getpid"));
        Path made = directory.resolve("ümlaut");
        assertEquals(0, call("mkdirat", CWD, text(made.toString()), mode(0700)));
        assertTrue(Files.isDirectory(made));
        assertEquals(-Errno.EEXIST.number(), call("mkdirat", CWD, text(made.toString()), mode(0700)));
        assertEquals(-Errno.EBADF.number(), call("close", number(-1)));
        Argument noTime = block(number(0), number(0));
        assertEquals(0, call("ppoll", block(), number(0), noTime, NULL, number(8)));
    }

    @Test
    void aCallMayFillARoom() {
        byte[] room = new byte[390]; // struct utsname: six texts of 65 bytes
        Op.SystemCall uname = new Op.SystemCall("uname", List.of(new Argument.Room(room.length)));
        assertEquals(0, host.call(uname, room));
        assertEquals("Linux\0", new String(Arrays.copyOf(room, 6), StandardCharsets.UTF_8));
        assertThrows(IllegalArgumentException.class, () -> host.call(uname, new byte[5]));
    }

    @Test
    void aSingleCallHasNoResultsOfOthers() {
        assertThrows(IllegalArgumentException.class, () -> call("close", result("x")));
        assertThrows(IllegalArgumentException.class, () -> call("chdir", formatted("/proc/", "x", "")));
    }

    private long call(String name, Argument... arguments) {
        return host.call(new Op.SystemCall(name, List.of(arguments)));
    }
}
