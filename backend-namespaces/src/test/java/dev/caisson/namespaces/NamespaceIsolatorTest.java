package dev.caisson.namespaces;

import static dev.caisson.namespaces.Requests.calls;
import static dev.caisson.namespaces.Requests.contribution;
import static dev.caisson.namespaces.Requests.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Isolator;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.Settings;
import dev.caisson.program.Namespace;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamespaceIsolatorTest {

    private static final Map<Namespace, Boolean> ONLY_UTS = Map.of(
            Namespace.MOUNT, false,
            Namespace.PID, false,
            Namespace.IPC, false,
            Namespace.NETWORK, false,
            Namespace.CGROUP, false);

    @Test
    void isFoundByItsName() {
        assertTrue(ServiceLoader.load(Isolator.class).stream()
                .anyMatch(provider -> provider.get().name().equals("namespaces")));
    }

    @Test
    void clonesIntoFiveNamespacesAndUnsharesTheCgroupsOnceTheyAreJoined() {
        Contribution contribution = contribution(Requests.defaults());

        assertEquals(
                EnumSet.of(Namespace.MOUNT, Namespace.PID, Namespace.UTS, Namespace.IPC, Namespace.NETWORK),
                contribution.namespaces());
        assertEquals(List.of("unshare(CLONE_NEWCGROUP)"), calls(contribution, Phase.CGROUP_NAMESPACE));
        assertEquals(List.of(), contribution.setup());
        assertEquals(List.of(), contribution.afterClone());
        assertEquals(List.of(), contribution.teardown());
    }

    @Test
    void takesTheMountTableOffTheHostsBeforeAnythingIsMounted() {
        assertEquals(
                List.of("mount(NULL, \"/\", NULL, MS_REC|MS_PRIVATE, NULL)"),
                calls(contribution(Requests.defaults()), Phase.PROPAGATION));
    }

    @Test
    void mountsProcAndSysWithoutFollowingALinkInTheImage() {
        List<String> calls = calls(contribution(Requests.defaults()), Phase.MOUNTS);

        assertEquals(
                List.of(
                        "mkdirat(AT_FDCWD, \"proc\", 0555)  # or EEXIST",
                        "{proc file system} = fsopen(\"proc\", FSOPEN_CLOEXEC)",
                        "fsconfig({proc file system}, FSCONFIG_CMD_CREATE, NULL, NULL, 0)",
                        "{proc mount} = fsmount({proc file system}, FSMOUNT_CLOEXEC,"
                                + " MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC)",
                        "move_mount({proc mount}, \"\", AT_FDCWD, \"proc\", MOVE_MOUNT_F_EMPTY_PATH)"),
                calls.subList(0, 5));
        assertTrue(calls.contains("{sys mount} = fsmount({sys file system}, FSMOUNT_CLOEXEC,"
                + " MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC)"));
    }

    @Test
    void bindsTheHostsSysReadOnlyWhereAUserNamespaceMayNotMountItsOwn() {
        List<String> calls =
                calls(contribution(with(Map.of(Namespace.USER, true, Namespace.NETWORK, false))), Phase.MOUNTS);

        assertTrue(calls.contains(
                "{sys mount} = open_tree(AT_FDCWD, \"/sys\"," + " OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_RECURSIVE)"));
        assertTrue(calls.contains("mount_setattr({sys mount}, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
                + " {MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC, 0, 0, 0}, 32)"));
        assertFalse(calls.contains("{sys file system} = fsopen(\"sysfs\", FSOPEN_CLOEXEC)"));
    }

    @Test
    void pivotsAndLetsGoOfTheOldRoot() {
        assertEquals(
                List.of("pivot_root(\".\", \".\")", "umount2(\".\", MNT_DETACH)", "chdir(\"/\")"),
                calls(contribution(Requests.defaults()), Phase.PIVOT));
    }

    @Test
    void setsTheHostNameAndBringsLoopbackUp() {
        assertEquals(
                List.of(
                        "sethostname(\"box.example\", 11)",
                        "{network socket} = socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, 0)",
                        "ioctl({network socket}, SIOCSIFFLAGS, <40 bytes>)",
                        "close({network socket})"),
                calls(contribution(Requests.defaults()), Phase.KERNEL_STATE));
    }

    @Test
    void contributesNothingForANamespaceThatIsOff() {
        Contribution contribution = contribution(with(ONLY_UTS));

        assertEquals(Set.of(Namespace.UTS), contribution.namespaces());
        assertEquals(Set.of(Phase.KERNEL_STATE), contribution.child().keySet());
        assertEquals(List.of("sethostname(\"box.example\", 11)"), calls(contribution, Phase.KERNEL_STATE));
    }

    @Test
    void becomesRootInAUserNamespaceWhoseMapsTheMonitorWrites() {
        Contribution contribution = contribution(with(Map.of(Namespace.USER, true)));

        assertTrue(contribution.namespaces().contains(Namespace.USER));
        assertEquals(
                List.of(
                        "write-file(\"/proc/{child pid}/gid_map\", \"0 100000 65536\\n\")",
                        "write-file(\"/proc/{child pid}/uid_map\", \"0 100000 65536\\n\")"),
                calls(contribution.afterClone()));
        assertEquals(List.of("setresgid(0, 0, 0)", "setresuid(0, 0, 0)"), calls(contribution, Phase.IDENTITY));
    }

    @Test
    void mapsSeveralRangesAndGroupsLikeUsersUnlessToldOtherwise() {
        NamespacesSettings settings = Requests.settings(
                Map.of(Namespace.USER, true),
                List.of(new IdRange(0L, 5000L, 1L), new IdRange(1L, 6000L, 10L)),
                List.of(),
                null);

        assertEquals(
                List.of(
                        "write-file(\"/proc/{child pid}/gid_map\", \"0 5000 1\\n1 6000 10\\n\")",
                        "write-file(\"/proc/{child pid}/uid_map\", \"0 5000 1\\n1 6000 10\\n\")"),
                calls(contribution(settings).afterClone()));
    }

    @Test
    void makesATimeNamespaceBeforeTheChildAndNotByCloning() {
        Contribution contribution = contribution(
                Requests.settings(Map.of(Namespace.TIME, true), List.of(), List.of(), new ClockOffsets(null, 86400L)));

        assertEquals(
                List.of(
                        "unshare(CLONE_NEWTIME)",
                        "write-file(\"/proc/self/timens_offsets\", \"monotonic 0 0\\nboottime 86400 0\\n\")"),
                calls(contribution.setup()));
        assertFalse(contribution.namespaces().contains(Namespace.TIME));
    }

    @Test
    void offersWhatIsOnAndNeedsWhatItCannotDoItself() {
        ProbeReport all = report(Requests.defaults());
        assertTrue(all.offers()
                .containsAll(Set.of(
                        Feature.MOUNT_NAMESPACE, Feature.CGROUP_NAMESPACE, Feature.ROOT_SWITCH, Feature.KILL_ALL)));
        assertFalse(all.offers().contains(Feature.USER_NAMESPACE));
        assertEquals(Set.of(), all.needs());

        ProbeReport one = report(with(ONLY_UTS));
        assertEquals(Set.of(Feature.UTS_NAMESPACE), one.offers());
        assertEquals(Set.of(Feature.KILL_ALL, Feature.ROOT_SWITCH), one.needs());
    }

    private static ProbeReport report(NamespacesSettings settings) {
        return new NamespaceIsolator().probe(FakeHost.willing(), Settings.of(settings));
    }
}
