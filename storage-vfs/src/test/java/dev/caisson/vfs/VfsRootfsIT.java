package dev.caisson.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.api.Feature;
import dev.caisson.api.HostException;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Settings;
import dev.caisson.launcher.Launcher;
import dev.caisson.layers.RootBox;
import dev.caisson.layers.Trash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in private copies on the real kernel, as root, with and without mounts. */
class VfsRootfsIT {

    private static final Feature[] DIRECTORY = {};
    private static final Feature[] MOUNTS = {Feature.MOUNT_NAMESPACE};
    private static final Feature[] MAPPED = {Feature.MOUNT_NAMESPACE, Feature.USER_NAMESPACE};
    private static final List<Feature[]> ALL = List.of(DIRECTORY, MOUNTS, MAPPED);

    @TempDir
    Path temporary;

    private RootBox box;
    private Path programs;
    private String mountsBefore = "";

    @BeforeEach
    void setUp() throws IOException {
        box = RootBox.in(temporary, new VfsRootfs());
        assumeTrue(box.possible(), "copying owners needs root");
        programs = box.programs("sh", "cat", "ls", "mkdir", "mknod", "stat", "head", "touch", "chmod");
        mountsBefore = Files.readString(Path.of("/proc/self/mountinfo"));
    }

    @AfterEach
    void leavesNothing() throws IOException {
        if (!mountsBefore.isEmpty()) {
            assertEquals(mountsBefore, Files.readString(Path.of("/proc/self/mountinfo")));
        }
        Trash.empty(temporary);
    }

    @Test
    void whatIsWrittenIsNotInTheLayerAndEndsInTheTrash() throws IOException {
        for (Feature[] features : ALL) {
            assertEquals(
                    "written\n",
                    run(false, features, "ls /new 2>/dev/null; echo written >/new; cat /new; echo >/etc/passwd"));

            assertFalse(Files.exists(programs.resolve("new")));
            assertTrue(Files.size(programs.resolve("etc/passwd")) > 1);
            assertFalse(Files.exists(box.site().data()));
            assertTrue(Files.exists(box.site().trash().resolve("root/new")));
            Trash.empty(trash());
            assertFalse(Files.exists(box.site().trash()));
        }
    }

    @Test
    void ownersAndModesAreThoseOfTheLayerAsSeenFromInside() throws IOException {
        for (Feature[] features : ALL) {
            assertEquals(
                    "/ 755 0 0\n/root 700 0 0\n/tmp 1777 0 0\n/home/user 755 1000 1000\n/new 644 0 0\n",
                    run(false, features, "touch /new; stat -c '%n %a %u %g' / /root /tmp /home/user /new"));
            Trash.empty(trash());
        }
    }

    @Test
    void onAMountDeviceNodesDoNotWork() throws IOException {
        assertEquals("refused\n", run(false, MOUNTS, "mknod /own c 1 5 && head -c 1 /own 2>/dev/null || echo refused"));
    }

    @Test
    void aReadOnlyRootIsReadOnly() throws IOException {
        for (Feature[] features : List.of(MOUNTS, MAPPED)) {
            assertEquals("sh: 1: cannot create /new: Read-only file system\n", run(true, features, "echo >/new"));
            Trash.empty(trash());
        }
    }

    @Test
    void theTrashTakesWhateverAContainerLeaves() throws IOException {
        run(
                false,
                MOUNTS,
                "mkdir /a; cd /a; i=0; while [ $i -lt 3000 ]; do mkdir deep && cd deep || break; i=$((i+1)); done; touch bottom;"
                        + " mkdir -p /b/c; touch /b/c/d; chmod 000 /b/c /b");

        Trash.empty(trash());

        try (Stream<Path> left = Files.list(trash())) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aCopyThatFailsIsDiscarded() throws IOException {
        LaunchRequest request = box.with(programs).request(Settings.none(), false, MOUNTS);
        RefusingHost full = new RefusingHost(new Launcher().host(), "fchown", 28);

        assertThrows(HostException.class, () -> new VfsRootfs().prepare(request, full));

        assertFalse(Files.exists(box.site().data()));
        assertTrue(Files.exists(box.site().trash()));
    }

    @Test
    void aCopyThatIsThereAlreadyIsNotTouched() throws IOException {
        Path file = Files.createFile(
                Files.createDirectories(box.site().data().resolve("root")).resolve("file"));
        LaunchRequest request = box.with(programs).request(Settings.none(), false, MOUNTS);

        HostException refusal =
                assertThrows(HostException.class, () -> new VfsRootfs().prepare(request, new Launcher().host()));

        assertEquals(
                "vfs: " + box.site().data() + " is left from another container; run caisson gc", refusal.getMessage());
        assertTrue(Files.exists(file));
    }

    private String run(boolean readonly, Feature[] features, String script) {
        RootBox.Run run =
                box.with(programs).run(box.with(programs).request(Settings.none(), readonly, features), script);
        assertEquals(Optional.empty(), run.failure());
        return run.output();
    }

    private Path trash() {
        return box.site().storage().resolve("trash");
    }
}
