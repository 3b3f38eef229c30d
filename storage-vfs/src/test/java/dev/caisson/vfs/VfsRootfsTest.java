package dev.caisson.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ProfileException;
import dev.caisson.api.RootfsProvider;
import dev.caisson.api.Settings;
import dev.caisson.layers.FixedHost;
import dev.caisson.layers.Requests;
import dev.caisson.program.ProgramText;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VfsRootfsTest {

    private final VfsRootfs vfs = new VfsRootfs();

    @Test
    void isFoundAsAProvider() {
        assertTrue(ServiceLoader.load(RootfsProvider.class).stream()
                .anyMatch(provider -> provider.type() == VfsRootfs.class));
    }

    @Test
    void worksWithAndWithoutAMountNamespace() {
        ProbeReport report = vfs.probe(FixedHost.willing(), Settings.none());

        assertEquals(Set.of(Feature.ROOT_DIRECTORY, Feature.ROOT_MOUNT), report.offers());
        assertEquals(Set.of(), report.needs());
        assertTrue(report.supported());
        assertFalse(vfs.probe(FixedHost.unprivileged(), Settings.none()).supported());
    }

    @Test
    void withoutMountsItOnlyGoesToTheCopy() {
        Contribution contribution = contribution(false);

        assertEquals(List.of("chdir(\"/storage/containers/box/root\")"), calls(contribution, Phase.ROOT));
        assertEquals(List.of(), calls(contribution.setup()));
    }

    @Test
    void withMountsTheCopyBecomesOneWithoutDevices() {
        Contribution contribution = contribution(false, Feature.MOUNT_NAMESPACE);

        assertEquals(List.of("chdir(\"/state/mnt\")"), calls(contribution.setup()));
        assertEquals(
                List.of(
                        "{the private copy} = open_tree(AT_FDCWD, \"/storage/containers/box/root\","
                                + " OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)",
                        "mount_setattr({the private copy}, \"\", AT_EMPTY_PATH, {MOUNT_ATTR_NODEV, 0, MS_PRIVATE, 0}, 32)",
                        "move_mount({the private copy}, \"\", AT_FDCWD, \"\","
                                + " MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)",
                        "fchdir({the private copy})"),
                calls(contribution, Phase.ROOT));
    }

    @Test
    void inAUserNamespaceTheMonitorMapsTheCopy() {
        Contribution contribution = contribution(false, Feature.MOUNT_NAMESPACE, Feature.USER_NAMESPACE);

        assertTrue(calls(contribution.afterClone())
                .contains("mount_setattr({the private copy}, \"\", AT_EMPTY_PATH,"
                        + " {MOUNT_ATTR_NODEV|MOUNT_ATTR_IDMAP, 0, MS_PRIVATE, {user namespace of the root}}, 32)"));
        assertFalse(calls(contribution, Phase.ROOT).toString().contains("/storage"));
    }

    @Test
    void aReadOnlyRootNeedsAMount() {
        assertEquals(
                List.of("mount_setattr(AT_FDCWD, \".\", 0, {MOUNT_ATTR_RDONLY, 0, 0, 0}, 32)"),
                calls(contribution(true, Feature.MOUNT_NAMESPACE), Phase.SEAL));
        assertEquals(
                "rootfs: only a mount can be read-only, and there is no mount namespace here; take out readonly, or add"
                        + " namespaces",
                assertThrows(ProfileException.class, () -> contribution(true)).getMessage());
    }

    @Test
    void theTeardownMovesTheCopyToTheTrashAndMayRunTwice() {
        assertEquals(
                List.of(
                        "renameat2(AT_FDCWD, \"/storage/containers/box\", AT_FDCWD, \"/storage/trash/box\", 0)  # or ENOENT"),
                calls(contribution(false).teardown()));
    }

    private Contribution contribution(boolean readonly, Feature... features) {
        return vfs.contribute(Requests.request(
                Requests.NOWHERE, List.of(Path.of("/layers/base")), Settings.none(), readonly, Set.of(features)));
    }

    private static List<String> calls(Contribution contribution, Phase phase) {
        return calls(contribution.child().getOrDefault(phase, List.of()));
    }

    private static List<String> calls(List<Step> steps) {
        return steps.stream().map(ProgramText::of).toList();
    }
}
