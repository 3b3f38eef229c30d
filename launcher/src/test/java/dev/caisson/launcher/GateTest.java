package dev.caisson.launcher;

import static dev.caisson.launcher.ProgramBuilder.cloning;
import static dev.caisson.launcher.ProgramBuilder.mkdir;
import static dev.caisson.launcher.ProgramBuilder.opening;
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

import dev.caisson.launcher.Outcome.StepFailure;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate between monitor and child, on the real kernel. */
class GateTest {

    private final Launcher launcher = new Launcher();
    private final ProgramBuilder builder = new ProgramBuilder();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        launcher.close();
    }

    @Test
    void theChildWaitsAtTheGateAndSharesWhatTheMonitorOpens() {
        builder.setup(cloning());
        builder.after(Step.of("pause", Op.call("nanosleep", block(number(0), number(50_000_000)), NULL)));
        builder.after(mkdir(directory.resolve("before")));
        builder.after(opening("dir", directory));
        builder.after(Step.of(
                "look",
                Op.call("openat", CWD, formatted("/proc/", Op.Clone.PID, "/status"), flags("O_RDONLY"), number(0))));
        builder.after(Step.of("open the gate", new Op.OpenGate()));
        builder.child(Step.of("wait", new Op.AwaitGate()));
        builder.child(Step.of("remove", Op.call("unlinkat", result("dir"), text("before"), flags("AT_REMOVEDIR"))));
        Outcome outcome =
                launcher.start(builder.program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.empty(), outcome.failure());
        assertEquals(0, outcome.status());
        assertFalse(Files.exists(directory.resolve("before")));
    }

    @Test
    void aFaultInPlaceOfTheGateLeavesItClosed() {
        builder.setup(cloning());
        builder.after(Step.of("open the gate", new Op.OpenGate()));
        builder.child(Step.of("wait", new Op.AwaitGate()), mkdir(directory.resolve("made")));
        LaunchProgram program = builder.program().withFault(2, Errno.EIO);
        Outcome outcome = launcher.start(program, Streams.DISCARD).onExit().join();
        assertEquals(Optional.of(new StepFailure(2, Errno.EIO.number())), outcome.failure());
        assertEquals(9, outcome.status());
        assertFalse(Files.exists(directory.resolve("made")));
    }

    @Test
    void behindTheGateEachHasItsOwnDescriptors() {
        builder.setup(cloning());
        builder.after(opening("dir", directory));
        builder.after(Step.of("open the gate", new Op.OpenGate()));
        builder.after(Step.of("close", Op.call("close", result("dir"))));
        builder.child(Step.of("wait", new Op.AwaitGate()));
        builder.child(Step.of("pause", Op.call("nanosleep", block(number(0), number(50_000_000)), NULL)));
        builder.child(Step.of("make", Op.call("mkdirat", result("dir"), text("made"), mode(0755))));
        Outcome outcome =
                launcher.start(builder.program(), Streams.DISCARD).onExit().join();
        assertEquals(Optional.empty(), outcome.failure());
        assertTrue(Files.exists(directory.resolve("made")));
    }
}
