package dev.caisson.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.HostException;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Settings;
import dev.caisson.api.Size;
import dev.caisson.launcher.Launch;
import dev.caisson.launcher.Launcher;
import dev.caisson.layers.RootBox;
import dev.caisson.layers.Trash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts overlays on the real kernel, as root, and looks from inside and from outside. */
class OverlayRootfsIT {

    private static final Feature[] MOUNTS = {Feature.MOUNT_NAMESPACE};
    private static final Feature[] MAPPED = {Feature.MOUNT_NAMESPACE, Feature.USER_NAMESPACE};
    private static final List<Feature[]> BOTH = List.of(MOUNTS, MAPPED);

    @TempDir
    Path temporary;

    private RootBox box;
    private Path programs;
    private String mountsBefore = "";

    @BeforeEach
    void setUp() throws IOException {
        box = RootBox.in(temporary, new OverlayRootfs());
        assumeTrue(box.possible(), "mounting needs root");
        programs =
                box.programs("sh", "cat", "ls", "id", "rm", "mkdir", "mv", "stat", "head", "mknod", "chmod", "touch");
        mountsBefore = Files.readString(Path.of("/proc/self/mountinfo"));
    }

    @AfterEach
    void leavesNothing() throws IOException {
        if (!mountsBefore.isEmpty()) {
            assertEquals(mountsBefore, Files.readString(Path.of("/proc/self/mountinfo")));
            try (Stream<Path> mountPoint = Files.list(box.site().mountPoint())) {
                assertEquals(0, mountPoint.count());
            }
        }
        Trash.empty(temporary);
    }

    @Test
    void whatIsWrittenIsNotInTheLayerAndNotInTheNextRun() throws IOException {
        for (Feature[] features : BOTH) {
            LaunchRequest request = box.with(programs).request(Settings.none(), false, features);
            String script = "ls /new; echo written >/new; cat /new; echo changed >>/etc/passwd; rm /etc/group";

            String first = run(request, script);

            assertEquals(first, run(request, script));
            assertTrue(first.startsWith("written\n"), first);
            assertFalse(Files.exists(programs.resolve("new")));
            assertTrue(Files.exists(programs.resolve("etc/group")));
            assertFalse(Files.readString(programs.resolve("etc/passwd")).contains("changed"));
        }
    }

    @Test
    void filesKeepTheirOwnersAndModesAsSeenFromInside() throws IOException {
        Path layer = Files.createDirectory(temporary.resolve("layer"));
        Path file = Files.createFile(layer.resolve("file"));
        Files.setAttribute(file, "unix:uid", 1000);
        Files.setAttribute(file, "unix:gid", 12);
        Files.setAttribute(file, "unix:mode", 04750);
        for (Feature[] features : BOTH) {
            assertEquals(
                    """
                    /file 4750 1000 12
                    / 755 0 0
                    /root 700 0 0
                    /tmp 1777 0 0
                    /new 644 0 0
                    """,
                    run(
                            box.with(programs, layer).request(Settings.none(), false, features),
                            "touch /new; stat -c '%n %a %u %g' /file / /root /tmp /new"));
        }
    }

    @Test
    void directoriesCanBeDeletedMadeAnewAndMoved() throws IOException {
        Path layer = Files.createDirectory(temporary.resolve("layer"));
        Files.createFile(Files.createDirectories(layer.resolve("d/e")).resolve("old"));
        for (Feature[] features : BOTH) {
            assertEquals(
                    "/d:\nnew\n\n/f:\ne\n",
                    run(
                            box.with(programs, layer).request(Settings.none(), false, features),
                            "rm -r /d && mkdir /d && echo >/d/new && mkdir -p /g/e && mv /g /f && ls /d /f"));
        }
    }

    @Test
    void theUpperLayerWins() throws IOException {
        Path lower = Files.createDirectory(temporary.resolve("lower"));
        Path upper = Files.createDirectory(temporary.resolve("upper"));
        for (Path layer : List.of(lower, upper)) {
            Files.writeString(layer.resolve("both"), layer.getFileName() + "\n");
            Files.writeString(layer.resolve("only-" + layer.getFileName()), "\n");
        }

        assertEquals(
                "upper\n/only-lower\n/only-upper\n",
                run(box.with(programs, lower, upper).request(Settings.none(), false, MOUNTS), "cat /both; ls /only*"));
    }

    @Test
    void theSizeAndTheNumberOfFilesAreLimited() throws IOException {
        OverlaySettings small = new OverlaySettings(new Size(1 << 20), 100L, null);
        for (Feature[] features : BOTH) {
            String output = run(box.with(programs).request(Settings.of(small), false, features), """
                    head -c 900000 /lib/*/libc.so.6 >/a && echo fits
                    head -c 900000 /lib/*/libc.so.6 >/b || echo full
                    rm /a /b
                    i=0; while [ $i -lt 100 ] && touch /tmp/$i; do i=$((i+1)); done
                    [ $i -lt 100 ] && echo too many
                    """);

            assertEquals(
                    "fits\nfull\ntoo many\n",
                    output.lines()
                            .filter(line -> !line.contains("No space left"))
                            .map(line -> line + "\n")
                            .collect(Collectors.joining()));
        }
    }

    @Test
    void deviceNodesDoNotWorkWhoeverMadeThem() throws IOException {
        Path layer = Files.createDirectory(temporary.resolve("layer"));
        new ProcessBuilder("mknod", layer.resolve("zero").toString(), "c", "1", "5")
                .start()
                .onExit()
                .join();

        String output = run(
                box.with(programs, layer).request(Settings.none(), false, MOUNTS),
                "mknod /own c 1 5 && for f in /own /zero; do head -c 1 $f || echo refused; done 2>/dev/null");

        assertEquals("refused\nrefused\n", output);
    }

    @Test
    void theMountIsAsDockersAndTellsNothingOfTheHost() throws IOException {
        for (Feature[] features : BOTH) {
            String mounts =
                    run(box.with(programs).request(Settings.none(), false, features), "cat /proc/self/mountinfo");

            assertEquals(2, mounts.lines().count(), mounts); // the root and proc
            assertTrue(mounts.contains(" / / rw,nodev,relatime - overlay overlay "), mounts);
            assertFalse(mounts.contains(temporary.toString()), mounts);
            assertTrue(mounts.contains("lowerdir=1,"), mounts);
        }
    }

    @Test
    void aReadOnlyRootIsReadOnly() throws IOException {
        for (Feature[] features : BOTH) {
            assertEquals(
                    "sh: 1: cannot create /new: Read-only file system\n",
                    run(box.with(programs).request(Settings.none(), true, features), "echo >/new"));
        }
    }

    @Test
    void pathsOfLayersMayContainAnything() throws IOException {
        Path[] layers = new Path[5];
        layers[0] = programs;
        int i = 1;
        for (String name : List.of("a:b", "c,d=e", "f\\:g\\", "h i\n\"j")) {
            layers[i] = Files.createDirectory(temporary.resolve(name));
            Files.createFile(layers[i].resolve("file" + i++));
        }
        for (Feature[] features : BOTH) {
            assertEquals(
                    "/file1\n/file2\n/file3\n/file4\n",
                    run(box.with(layers).request(Settings.none(), false, features), "ls /file*"));
        }
    }

    @Test
    void thereMayBeManyLayersWithLongPaths() throws IOException {
        Path[] layers = new Path[120];
        layers[0] = programs;
        Path deep = Files.createDirectories(temporary.resolve(("x".repeat(200) + "/").repeat(4)));
        for (int i = 1; i < layers.length; i++) {
            layers[i] = Files.createDirectory(deep.resolve("layer" + i));
            Files.writeString(layers[i].resolve("top"), i + "\n");
        }
        for (Feature[] features : BOTH) {
            assertEquals("119\n", run(box.with(layers).request(Settings.none(), false, features), "cat /top"));
        }
    }

    @Test
    void aKeptUpperIsThereInTheNextRun() throws IOException {
        for (Feature[] features : BOTH) {
            Path keep = temporary.resolve("kept" + features.length);
            LaunchRequest request = box.with(programs).request(keeping(keep), false, features);

            assertEquals("", run(request, "echo kept >/file; rm /etc/group; rm -r /home; mkdir /home"));

            assertEquals(
                    "kept\n0\n",
                    run(request, "cat /file; stat -c %u /file; ls /home; [ ! -e /etc/group ] || echo back"));
            assertEquals("kept\n", Files.readString(keep.resolve("upper/file")));
            assertEquals(0, Files.getAttribute(keep.resolve("upper/file"), "unix:uid")); // also when mapped
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keep)));
        }
    }

    @Test
    void oneContainerAtATimeUsesAKeptUpper() throws IOException {
        Path keep = temporary.resolve("kept");
        LaunchRequest request = box.with(programs).request(keeping(keep), false, MOUNTS);
        run(request, "true");
        Launch first = box.start(request, "echo ready; cat; echo done");
        byte[] ready = new byte["ready\n".length()];
        assertEquals(ready.length, first.stdout().readNBytes(ready, 0, ready.length));

        RootBox.Run second = box.with(programs).run(request, "echo never");
        first.stdin().close();

        assertEquals("done\n", new String(first.stdout().readAllBytes(), StandardCharsets.UTF_8));
        first.onExit().join();
        assertEquals(
                Optional.of("lock " + keep + " for this container: EAGAIN (Resource temporarily unavailable)"),
                second.failure());
        assertEquals("third\n", run(request, "echo third"));
    }

    @Test
    void aKeptDirectoryThatOthersCanEnterIsRefused() throws IOException {
        Path keep = Files.createDirectory(temporary.resolve("kept"));
        Files.setPosixFilePermissions(keep, PosixFilePermissions.fromString("rwx--x---"));
        LaunchRequest request = box.with(programs).request(keeping(keep), false, MOUNTS);

        HostException refusal = Assertions.assertThrows(HostException.class, () -> run(request, "true"));

        assertTrue(String.valueOf(refusal.getMessage()).endsWith("; chmod 700 " + keep), refusal.getMessage());
    }

    @Test
    void theProbeFindsNothingInTheWay() {
        assertEquals(
                List.<Finding>of(),
                new OverlayRootfs()
                        .probe(new Launcher().host(), Settings.none())
                        .findings());
    }

    private static Settings keeping(Path directory) {
        return Settings.of(new OverlaySettings(null, null, directory));
    }

    private String run(LaunchRequest request, String script) {
        RootBox.Run run = box.run(request, script);
        assertEquals(Optional.empty(), run.failure());
        return run.output();
    }
}
