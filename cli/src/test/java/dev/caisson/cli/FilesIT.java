package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.engine.profile.ProfileBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that a container sees: its root, /proc, /sys, /dev, /etc, its own cgroup. */
class FilesIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    // What the kernel shows:

    @Test
    void whatTellsOfTheHostIsHidden() {
        ProfileBuilder profile = TestBed.shell(
                "cd /proc; for f in kcore keys timer_list sched_debug; do [ ! -e $f ] || head -c 9 $f; done;"
                        + " for d in acpi scsi /sys/firmware /sys/devices/virtual/powercap; do [ ! -e $d ] || ls -A $d; done");

        assertEquals("", BED.output(profile));
        // The same files do have something to show.
        assertNotEquals("", BED.output(profile.isolator("namespaces", Map.of("unmask", List.of("all")))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/sys/kernel/domainname", "/proc/irq/default_smp_affinity", "/sys/class/net/lo/mtu"})
    void whatChangesTheHostIsReadOnly(String file) {
        Run run = BED.run(TestBed.shell("echo 1 > " + file));

        assertEquals(2, run.exit(), run.toString());
        assertTrue(run.err().contains("Read-only file system"), run.err());
    }

    @Test
    void settingsHideAndShow() {
        ProfileBuilder profile = TestBed.shell("head -c 1 /proc/cpuinfo; head -c 4 /proc/timer_list")
                .isolator(
                        "namespaces", Map.of("mask", List.of("/proc/cpuinfo"), "unmask", List.of("/proc/timer_list")));

        assertEquals("Time", BED.output(profile));
    }

    @Test
    void theDevicesAreTheUsualOnes() {
        assertEquals(
                "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero",
                BED.output(TestBed.shell("ls -A /dev")).strip().replace('\n', ' '));
    }

    @Test
    void theDevicesWork() {
        String script = "echo gone > /dev/null; head -c 3 /dev/zero | stat -L -c %F - /dev/null > /dev/null;"
                + " head -c 4 /dev/urandom > /dev/shm/random; stat -c %s /dev/shm/random;"
                + " cat /dev/null; (echo x > /dev/full) 2>/dev/null || echo full; (: < /dev/tty) 2>/dev/null || echo no terminal";

        assertEquals("4\nfull\nno terminal\n", BED.output(TestBed.shell(script).user(1000, 1000)));
    }

    @Test
    @Tag("cgroup2")
    void itsOwnCgroupIsThereAndReadOnly() {
        boolean v2 = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
        String limit = v2 ? "/sys/fs/cgroup/memory.max" : "/sys/fs/cgroup/memory/memory.limit_in_bytes";
        ProfileBuilder profile =
                TestBed.shell("cat " + limit + "; echo 1000000000 > " + limit).memory("64MiB");

        Run run = BED.run(profile);

        assertEquals("67108864\n", run.out(), run.toString());
        assertEquals(2, run.exit(), run.toString());
        assertTrue(run.err().contains("Read-only file system"), run.err());
    }

    // /etc:

    @Test
    void namesAndAddresses() {
        ProfileBuilder profile = TestBed.shell("hostname; cat /etc/hostname /etc/hosts /etc/resolv.conf")
                .hostname("inside.example")
                .host("db", "10.0.0.7")
                .nameserver("10.0.0.53");

        assertEquals("""
                inside.example
                inside.example
                ::1\tlocalhost ip6-localhost ip6-loopback
                127.0.0.1\tlocalhost
                127.0.0.1\tinside.example
                10.0.0.7\tdb
                nameserver 10.0.0.53
                """, BED.output(profile));
    }

    /** A layer may say anything; it must not lead the engine, which is root, to files of the host. */
    @ParameterizedTest
    @ValueSource(strings = {"overlay", "vfs"})
    void aLayerCannotLeadOutside(String provider) throws IOException {
        Path outside = Files.createDirectories(BED.work().resolve("outside-" + provider));
        Path layer = Files.createDirectories(BED.work().resolve("hostile-" + provider));
        Files.createSymbolicLink(
                layer.resolve("etc"),
                Path.of("../../../../../..").resolve(outside.toString().substring(1)));
        Files.createDirectories(layer.resolve(outside.toString().substring(1)));

        Run run = BED.run(TestBed.shell("cat " + outside + "/hostname")
                .layer(layer)
                .rootfs(provider)
                .hostname("box"));

        assertEquals("box\n", run.out(), run.toString());
        assertEquals(List.of(), list(outside));
    }

    /** Devices of an image give access to the host's hardware. */
    @ParameterizedTest
    @ValueSource(strings = {"overlay", "vfs"})
    void aDeviceOfALayerDoesNotWork(String provider) throws IOException, InterruptedException {
        Path layer = Files.createDirectories(BED.work().resolve("devices-" + provider));
        int exit = new ProcessBuilder(
                        "mknod", "-m", "666", layer.resolve("zero").toString(), "c", "1", "5")
                .inheritIO()
                .start()
                .waitFor();
        assertEquals(0, exit);

        Run run = BED.run(TestBed.shell("head -c 1 /zero").layer(layer).rootfs(provider));

        assertTrue(run.err().contains("Permission denied"), run.toString());
    }

    // The root:

    @ParameterizedTest
    @ValueSource(strings = {"overlay", "vfs"})
    void aHigherLayerCoversALowerOne(String provider) throws IOException {
        Path low = Files.createDirectories(BED.work().resolve("low-" + provider));
        Path high = Files.createDirectories(BED.work().resolve("high-" + provider));
        Files.writeString(low.resolve("both"), "low\n");
        Files.writeString(low.resolve("lower"), "lower\n");
        Files.writeString(high.resolve("both"), "high\n");
        Files.writeString(high.resolve("higher"), "higher\n");

        ProfileBuilder profile = TestBed.shell(
                        "cat /both /lower /higher; echo changed > /both; rm /lower; cat /both; ls /lower")
                .layer(low)
                .layer(high)
                .rootfs(provider);

        Run run = BED.run(profile);
        assertEquals("high\nlower\nhigher\nchanged\n", run.out(), run.toString());
        assertEquals(2, run.exit(), run.toString());
        assertEquals("high\n", Files.readString(high.resolve("both")));
        assertEquals("low\n", Files.readString(low.resolve("both")));
        assertTrue(Files.exists(low.resolve("lower")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlay", "vfs"})
    void aReadOnlyRoot(String provider) {
        Run run = BED.run(TestBed.shell("echo y > /dev/shm/x; cat /dev/shm/x; touch /new /tmp/new")
                .rootfs(provider)
                .readonlyRootfs(true));

        assertEquals("y\n", run.out(), run.toString());
        assertEquals(1, run.exit(), run.toString());
        assertEquals(
                2,
                run.err()
                        .lines()
                        .filter(line -> line.contains("Read-only file system"))
                        .count(),
                run.err());
    }

    @Test
    void nothingStaysUnlessItIsKept() {
        ProfileBuilder profile = TestBed.shell("ls /mine; touch /mine");

        assertEquals("", BED.run(profile).out());
        assertEquals("", BED.run(profile).out());
    }

    @Test
    void whatIsKeptIsThereAgain() throws IOException {
        Path keep = Files.createDirectory(
                BED.work().resolve("keep"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Map<String, String> settings = Map.of("keep", keep.toString());

        BED.output(TestBed.shell("echo kept > /mine").rootfs("overlay", settings));

        assertEquals("kept\n", Files.readString(keep.resolve("upper/mine")));
        assertEquals("kept\n", BED.output(TestBed.shell("cat /mine").rootfs("overlay", settings)));
        assertFalse(Files.exists(Path.of("/mine")));
    }

    @Test
    void theScratchSpaceIsLimited() {
        Run run = BED.run(TestBed.shell("dd if=/dev/zero of=/big bs=1M count=64; stat -c %s /big")
                .rootfs("overlay", Map.of("size", "8MiB")));

        assertTrue(run.err().contains("No space left on device"), run.toString());
        assertTrue(Long.parseLong(run.out().strip()) <= 8 << 20, run.toString());
    }

    /** Only what the profile names is there. */
    @Test
    void theHostsFilesAreNotThere() {
        assertEquals(
                "bin dev etc home lib lib64 proc root run sbin sys tmp usr var",
                BED.output(TestBed.shell("ls -A /")).strip().replace('\n', ' '));
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }
}
