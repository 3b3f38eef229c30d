package dev.caisson.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of phases is the contract between backends that do not know each other. Each line here is a fact of the kernel's. */
class PhaseTest {

    @Test
    void theOrderIsTheKernels() {
        inOrder(Phase.JOIN, Phase.CGROUP_NAMESPACE); // a cgroup namespace begins at the group of that moment
        inOrder(Phase.JOIN, Phase.ROOT); // memory of a tmpfs is the container's
        inOrder(Phase.IDENTITY, Phase.PROPAGATION); // mounting takes the capabilities of the user namespace's root
        inOrder(Phase.PROPAGATION, Phase.ROOT, Phase.FILES, Phase.MOUNTS, Phase.MASK, Phase.SEAL, Phase.PIVOT);
        inOrder(Phase.KERNEL_STATE, Phase.CREDENTIALS); // sethostname and SIOCSIFFLAGS take capabilities
        inOrder(Phase.PIVOT, Phase.LIMITS); // a low limit on files or memory must not stop a mount
        inOrder(Phase.LIMITS, Phase.CREDENTIALS); // raising a hard limit takes a capability
        inOrder(Phase.CREDENTIALS, Phase.INIT); // so that pid 1 has no more than the command
        inOrder(Phase.INIT, Phase.SESSION); // the terminal is the command's, and its session
        inOrder(Phase.SESSION, Phase.FILTER, Phase.EXEC); // a filter need not allow what comes before
    }

    @Test
    void eachSaysWhyItStandsThere() {
        for (Phase phase : Phase.values()) {
            assertTrue(phase.reason().matches("[a-z].{15,}[^.]"), phase + ": " + phase.reason());
        }
    }

    private static void inOrder(Phase... phases) {
        List<Phase> given = List.of(phases);
        assertTrue(Arrays.equals(given.stream().sorted().toArray(), phases), given::toString);
    }
}
