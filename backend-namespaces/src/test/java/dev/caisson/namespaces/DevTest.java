package dev.caisson.namespaces;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import dev.caisson.program.Namespace;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DevTest {

    private static final CapabilitySets NONE = CapabilitySets.of(Set.of(), Set.of());
    private static final CapabilitySets ONLY_BOUNDING =
            new CapabilitySets(EnumSet.of(Capability.MKNOD), Set.of(), Set.of(), Set.of());

    @Test
    void makesItsOwnNodesForACommandThatNeverCanMakeOne() {
        List<String> calls = calls(Requests.defaults(), NONE, true);

        assertTrue(calls.contains("mknodat(AT_FDCWD, \"dev/null\", S_IFCHR|0666, makedev(1, 3))"));
        assertTrue(calls.contains("mknodat(AT_FDCWD, \"dev/tty\", S_IFCHR|0666, makedev(5, 0))"));
        assertFalse(calls.toString().contains("MS_BIND"));
    }

    @Test
    void bindsTheHostsNodesOnAMountWithoutDevicesForACommandThatCan() {
        List<String> calls = calls(Requests.defaults(), CapabilitySets.DOCKER_DEFAULT, true);

        assertTrue(calls.contains("{dev mount} = fsmount({dev file system}, FSMOUNT_CLOEXEC,"
                + " MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC)"));
        assertTrue(calls.contains("mknodat(AT_FDCWD, \"dev/null\", S_IFREG|0444, 0)"));
        assertTrue(calls.contains("mount(\"/dev/null\", \"dev/null\", NULL, MS_BIND, NULL)"));
    }

    @Test
    void bindsInAUserNamespaceWhereNobodyMayMakeNodes() {
        List<String> calls = calls(Requests.with(Map.of(Namespace.USER, true)), NONE, true);

        assertTrue(calls.contains("mount(\"/dev/zero\", \"dev/zero\", NULL, MS_BIND, NULL)"));
    }

    @Test
    void countsABoundingCapabilityOnlyWhereAProgramCanGainIt() {
        assertTrue(Dev.canMakeNodes(Requests.process(ONLY_BOUNDING, false)));
        assertFalse(Dev.canMakeNodes(Requests.process(ONLY_BOUNDING, true)));
        assertFalse(Dev.canMakeNodes(Requests.process(NONE, false)));
        assertTrue(Dev.canMakeNodes(Requests.process(CapabilitySets.DOCKER_DEFAULT, true)));
    }

    @Test
    void countsOnlyAmbientCapabilitiesForAnotherUserThanRoot() {
        Set<Capability> mknod = EnumSet.of(Capability.MKNOD);
        assertFalse(Dev.canMakeNodes(Requests.process(1000, CapabilitySets.DOCKER_DEFAULT, true)));
        assertTrue(Dev.canMakeNodes(Requests.process(1000, CapabilitySets.DOCKER_DEFAULT, false)));
        assertTrue(Dev.canMakeNodes(Requests.process(1000, CapabilitySets.of(mknod, mknod), true)));
    }

    @Test
    void linksStandardStreamsAndTheTerminalMultiplexer() {
        List<String> calls = calls(Requests.defaults(), NONE, true);

        assertTrue(calls.contains("symlinkat(\"/proc/self/fd\", AT_FDCWD, \"dev/fd\")"));
        assertTrue(calls.contains("symlinkat(\"/proc/self/fd/2\", AT_FDCWD, \"dev/stderr\")"));
        assertTrue(calls.contains("symlinkat(\"pts/ptmx\", AT_FDCWD, \"dev/ptmx\")"));
    }

    @Test
    void givesTerminalsTheirGroupWhereItExists() {
        assertTrue(calls(Requests.defaults(), NONE, true)
                .contains("mount(\"devpts\", \"dev/pts\", \"devpts\", MS_NOSUID|MS_NOEXEC,"
                        + " \"newinstance,ptmxmode=0666,mode=0620,gid=5\")"));

        NamespacesSettings oneId =
                Requests.settings(Map.of(Namespace.USER, true), List.of(new IdRange(0L, 1000L, 1L)), List.of(), null);
        assertTrue(calls(oneId, NONE, true)
                .contains("mount(\"devpts\", \"dev/pts\", \"devpts\", MS_NOSUID|MS_NOEXEC,"
                        + " \"newinstance,ptmxmode=0666,mode=0620\")"));
    }

    @Test
    void limitsSharedMemoryAndMountsMessageQueuesOnlyWhereTheyAreItsOwn() {
        assertTrue(calls(Requests.defaults(), NONE, true)
                .contains("mount(\"tmpfs\", \"dev/shm\", \"tmpfs\", MS_NOSUID|MS_NODEV|MS_NOEXEC,"
                        + " \"mode=1777,size=67108864\")"));
        assertTrue(calls(Requests.defaults(), NONE, true).toString().contains("dev/mqueue"));
        assertFalse(calls(Requests.with(Map.of(Namespace.IPC, false)), NONE, true)
                .toString()
                .contains("mqueue"));
    }

    private static List<String> calls(NamespacesSettings settings, CapabilitySets capabilities, boolean nnp) {
        return Requests.calls(Dev.steps(settings, Requests.process(capabilities, nnp)));
    }
}
