package dev.caisson.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ProfileException;
import dev.caisson.api.RootfsProvider;
import dev.caisson.api.Settings;
import dev.caisson.api.Size;
import dev.caisson.layers.FixedHost;
import dev.caisson.layers.Requests;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.ProgramText;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OverlayRootfsTest {

    private static final Path LOWER = Path.of("/layers/base");
    private static final Path UPPER = Path.of("/layers/a:b,c");
    private static final Set<Feature> MOUNTS = Set.of(Feature.MOUNT_NAMESPACE);
    private static final Set<Feature> MAPPED = Set.of(Feature.MOUNT_NAMESPACE, Feature.USER_NAMESPACE);

    private final OverlayRootfs overlay = new OverlayRootfs();

    @Test
    void isFoundAsAProvider() {
        assertTrue(ServiceLoader.load(RootfsProvider.class).stream()
                .anyMatch(provider -> provider.type() == OverlayRootfs.class));
    }

    @Test
    void theMonitorGoesToTheMountPointAndTheChildMountsThere() {
        Contribution contribution = contribution(Settings.none(), false, MOUNTS, LOWER);

        assertEquals(List.of("chdir(\"/state/mnt\")"), calls(contribution.setup()));
        assertEquals(List.of(), contribution.afterClone());
        assertEquals(
                List.of(
                        "{layer 1} = open_tree(AT_FDCWD, \"/layers/base\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)",
                        "mount_setattr({layer 1}, \"\", AT_EMPTY_PATH, {0, 0, MS_PRIVATE, 0}, 32)",
                        "{scratch file system} = fsopen(\"tmpfs\", FSOPEN_CLOEXEC)",
                        "fsconfig({scratch file system}, FSCONFIG_SET_STRING, \"size\", \"268435456\", 0)",
                        "fsconfig({scratch file system}, FSCONFIG_SET_STRING, \"nr_inodes\", \"65536\", 0)",
                        "fsconfig({scratch file system}, FSCONFIG_SET_STRING, \"mode\", \"0700\", 0)",
                        "fsconfig({scratch file system}, FSCONFIG_CMD_CREATE, NULL, NULL, 0)",
                        "{scratch} = fsmount({scratch file system}, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV)",
                        "move_mount({scratch}, \"\", AT_FDCWD, \"\", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)",
                        "fchdir({scratch})",
                        "mkdirat(AT_FDCWD, \"upper\", 0700)",
                        "fchmodat(AT_FDCWD, \"upper\", 0755)",
                        "mkdirat(AT_FDCWD, \"work\", 0700)",
                        "mkdirat(AT_FDCWD, \"1\", 0700)",
                        "move_mount({layer 1}, \"\", AT_FDCWD, \"1\", MOVE_MOUNT_F_EMPTY_PATH)",
                        "mkdirat(AT_FDCWD, \"root\", 0700)",
                        "mount(\"overlay\", \"root\", \"overlay\", MS_NODEV,"
                                + " \"lowerdir=1,upperdir=upper,workdir=work,index=off,metacopy=off,redirect_dir=nofollow\")",
                        "chdir(\"root\")"),
                calls(contribution, Phase.ROOT));
        assertEquals(List.of(), contribution.teardown());
    }

    @Test
    void theTopmostLayerComesFirst() {
        assertTrue(
                text(contribution(Settings.none(), false, MOUNTS, LOWER, UPPER)).contains("lowerdir=2:1,"));
    }

    @Test
    void noPathOfALayerGetsIntoTheOptions() {
        String mount = calls(contribution(Settings.none(), false, MOUNTS, UPPER), Phase.ROOT).stream()
                .filter(call -> call.startsWith("mount("))
                .findFirst()
                .orElseThrow();

        assertFalse(mount.contains("a:b"), mount);
    }

    @Test
    void inAUserNamespaceTheMonitorOpensAndMapsWhatTheChildCannotReach() {
        Contribution contribution =
                contribution(Settings.of(new OverlaySettings(null, null, Path.of("/keep"))), false, MAPPED, LOWER);

        assertEquals(
                List.of(
                        "{user namespace of the root} = openat(AT_FDCWD, \"/proc/{child pid}/ns/user\", O_RDONLY|O_CLOEXEC)",
                        "{layer 1} = open_tree(AT_FDCWD, \"/layers/base\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)",
                        "mount_setattr({layer 1}, \"\", AT_EMPTY_PATH,"
                                + " {MOUNT_ATTR_IDMAP, 0, MS_PRIVATE, {user namespace of the root}}, 32)",
                        "{the kept directory} = open_tree(AT_FDCWD, \"/keep\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)",
                        "mount_setattr({the kept directory}, \"\", AT_EMPTY_PATH,"
                                + " {MOUNT_ATTR_IDMAP, 0, MS_PRIVATE, {user namespace of the root}}, 32)"),
                calls(contribution.afterClone()));
        String child = String.join("\n", calls(contribution, Phase.ROOT));
        assertFalse(child.contains("\"/"), child);
        assertTrue(child.contains(",userxattr\""), child);
    }

    @Test
    void aKeptUpperIsLockedByTheMonitor() {
        Contribution contribution =
                contribution(Settings.of(new OverlaySettings(null, null, Path.of("/keep"))), false, MOUNTS, LOWER);

        assertEquals(
                List.of(
                        "chdir(\"/state/mnt\")",
                        "{kept directory to lock} = openat(AT_FDCWD, \"/keep\", O_RDONLY|O_DIRECTORY|O_CLOEXEC)",
                        "flock({kept directory to lock}, LOCK_EX|LOCK_NB)"),
                calls(contribution.setup()));
        assertTrue(text(contribution).contains("upperdir=kept/upper,workdir=kept/work,"));
    }

    @Test
    void aReadOnlyRootIsSealedWhenEverythingIsInIt() {
        assertEquals(
                List.of("mount_setattr(AT_FDCWD, \".\", 0, {MOUNT_ATTR_RDONLY, 0, 0, 0}, 32)"),
                calls(contribution(Settings.none(), true, MOUNTS, LOWER), Phase.SEAL));
        assertEquals(List.of(), calls(contribution(Settings.none(), false, MOUNTS, LOWER), Phase.SEAL));
    }

    @Test
    void refusesNoLayerAndMoreThanTheKernelTakes() {
        List<Path> many = Collections.nCopies(501, LOWER);

        assertEquals(
                "rootfs: overlay takes 1 to 500 layers, not 0; add one, such as host: [sh]",
                assertThrows(ProfileException.class, () -> contribution(Settings.none(), false, MOUNTS))
                        .getMessage());
        assertThrows(
                ProfileException.class, () -> contribution(Settings.none(), false, MOUNTS, many.toArray(Path[]::new)));
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> new OverlaySettings(new Size(0), null, null));
        assertThrows(IllegalArgumentException.class, () -> new OverlaySettings(null, 0L, null));
        assertThrows(IllegalArgumentException.class, () -> new OverlaySettings(new Size(1 << 20), null, Path.of("/k")));
        assertThrows(IllegalArgumentException.class, () -> new OverlaySettings(null, null, Path.of("keep")));
    }

    @Test
    void countsOneInodeForEachPageOfTheSize() {
        assertEquals(256L, new OverlaySettings(new Size(1 << 20), null, null).inodes());
        assertEquals(64L, new OverlaySettings(new Size(64 << 10), null, null).inodes());
    }

    @Test
    void theProbeTriesARealMountAndTellsWhatWouldHelp() {
        FixedHost host = FixedHost.refusing(
                Errno.ENODEV,
                step -> step.op() instanceof Op.SystemCall call
                        && call.name().equals("mount")
                        && call.arguments().toString().contains("lowerdir"));

        ProbeReport report = overlay.probe(host, Settings.none());

        assertEquals(
                List.of(Finding.blocker(
                        "mount the overlay: ENODEV (No such device)",
                        "this kernel has no overlayfs; try modprobe overlay, or use the provider vfs")),
                report.findings());
        assertEquals(Set.of(Feature.MOUNT_NAMESPACE), report.needs());
        assertEquals(Set.of(Feature.ROOT_MOUNT), report.offers());
    }

    @Test
    void theProbeAsksForRoot() {
        assertFalse(overlay.probe(FixedHost.unprivileged(), Settings.none()).supported());
        assertTrue(overlay.probe(FixedHost.willing(), Settings.none()).supported());
    }

    private Contribution contribution(Settings settings, boolean readonly, Set<Feature> features, Path... layers) {
        LaunchRequest request = Requests.request(Requests.NOWHERE, List.of(layers), settings, readonly, features);
        return overlay.contribute(request);
    }

    private static List<String> calls(Contribution contribution, Phase phase) {
        return calls(contribution.child().getOrDefault(phase, List.of()));
    }

    private static List<String> calls(List<Step> steps) {
        return steps.stream().map(ProgramText::of).toList();
    }

    private static String text(Contribution contribution) {
        return String.join("\n", calls(contribution, Phase.ROOT));
    }
}
