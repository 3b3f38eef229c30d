package dev.caisson.launcher;

import static dev.caisson.launcher.ProgramBuilder.exec;
import static dev.caisson.launcher.ProgramBuilder.unblock;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.HostException;
import dev.caisson.api.Stdio;
import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a start leaves when something fails on the side of the JVM: nothing. */
class LauncherFailureTest {

    private static final LaunchProgram PROGRAM = new ProgramBuilder()
            .supervised()
            .child(unblock(), exec("sleep", "1000"))
            .program();

    /** Lets one of the calls of a start fail, counted from 0. */
    private static final class FailingKernel extends Kernel {

        private volatile int failing;
        private final AtomicInteger made = new AtomicInteger();

        FailingKernel(int failing) {
            super(Architecture.current());
            this.failing = failing;
        }

        @Override
        long call(String name, long... arguments) {
            boolean cleanup = Set.of("close", "wait4", "sendto").contains(name);
            if (cleanup || Thread.currentThread().getName().equals("caisson-waiter")) {
                return super.call(name, arguments);
            }
            return made.getAndIncrement() == failing ? -Errno.EMFILE.number() : super.call(name, arguments);
        }
    }

    @Test
    @Timeout(60)
    void anyFailingCallIsAnErrorAndLeavesNothing() throws Exception {
        Streams streams =
                new Streams(new Stdio.Pipe(), new Stdio.File(Path.of("/dev/null"), true), new Stdio.Discard());
        try (Launcher launcher = new Launcher()) { // so that classes are loaded
            kill(launcher.start(PROGRAM, streams));
        }
        for (int failing = 0; ; failing++) {
            Leftovers before = Leftovers.now();
            boolean failed;
            FailingKernel kernel = new FailingKernel(failing);
            try (Launcher launcher = new Launcher(kernel)) {
                failed = fails(launcher, streams);
                kernel.failing = -1; // not when it is closed
            }
            before.assertNothingMore();
            if (!failed) {
                assertTrue(failing > 10, "only " + failing + " calls were made to fail");
                return;
            }
        }
    }

    @Test
    void aClosedLauncherStartsNothing() {
        Launcher launcher = new Launcher();
        launcher.close();
        assertThrows(IllegalStateException.class, () -> launcher.start(PROGRAM, Streams.DISCARD));
    }

    private static boolean fails(Launcher launcher, Streams streams) throws Exception {
        Launch launch;
        try {
            launch = launcher.start(PROGRAM, streams);
        } catch (HostException e) {
            assertTrue(e.toString().startsWith(HostException.class.getName() + ": launcher: "), e.toString());
            assertTrue(e.toString().endsWith("EMFILE (Too many open files)"), e.toString());
            return true;
        }
        kill(launch);
        return false;
    }

    private static void kill(Launch launch) throws Exception {
        launch.signal(9);
        assertEquals(9, launch.onExit().get(10, TimeUnit.SECONDS).status());
        launch.stdin().close();
    }
}
