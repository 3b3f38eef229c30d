package dev.caisson.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.program.Architecture;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostTest {

    /** Files there are at their end once a part of them was read, even one byte. */
    @Test
    void readsFilesBelowProcSysWhole() {
        int pidMax =
                Integer.parseInt(new ThisHost().read("/proc/sys/kernel/pid_max").orElseThrow());

        assertTrue(pidMax > 300, "the kernel's least is 301, read was " + pidMax);
    }

    private static final class ThisHost implements Host {
        @Override
        public Path root() {
            return Path.of("/");
        }

        @Override
        public Architecture architecture() {
            return Architecture.current();
        }

        @Override
        public boolean privileged() {
            return false;
        }

        @Override
        public Optional<Failure> attempt(LaunchProgram program) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long call(Op.SystemCall call) {
            throw new UnsupportedOperationException();
        }
    }
}
