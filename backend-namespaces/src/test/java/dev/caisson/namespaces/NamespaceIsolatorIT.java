package dev.caisson.namespaces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.api.CapabilitySets;
import dev.caisson.api.Settings;
import dev.caisson.launcher.Launch;
import dev.caisson.launcher.Launcher;
import dev.caisson.program.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the steps on the real kernel, as root, and looks from inside and from outside. */
class NamespaceIsolatorIT {

    private static final Map<Namespace, Boolean> USER = Map.of(Namespace.USER, true);

    private final Launcher launcher = new Launcher();
    private String mountsBefore = "";

    @TempDir
    Path root;

    @BeforeEach
    void asRoot() throws IOException {
        assumeTrue(launcher.host().privileged(), "making namespaces needs root");
        mountsBefore = Files.readString(Path.of("/proc/self/mountinfo"));
    }

    @AfterEach
    void leavesTheHostsMountsAlone() throws IOException {
        if (!mountsBefore.isEmpty()) {
            assertEquals(mountsBefore, Files.readString(Path.of("/proc/self/mountinfo")));
        }
    }

    @Test
    void everyNamespaceThatIsOnIsAnotherThanTheHosts() throws IOException {
        for (boolean all : new boolean[] {false, true}) {
            NamespacesSettings settings =
                    Requests.with(all ? Map.of(Namespace.USER, true, Namespace.TIME, true) : Map.of());
            List<String> inside = new Box(launcher, Files.createDirectory(root.resolve("all-" + all)))
                    .run(
                            settings,
                            "cd /proc/self/ns; for n in mnt pid uts ipc net cgroup user time; do readlink $n; done")
                    .output()
                    .lines()
                    .toList();

            List<Namespace> order = List.of(
                    Namespace.MOUNT,
                    Namespace.PID,
                    Namespace.UTS,
                    Namespace.IPC,
                    Namespace.NETWORK,
                    Namespace.CGROUP,
                    Namespace.USER,
                    Namespace.TIME);
            for (int i = 0; i < order.size(); i++) {
                String host = Files.readSymbolicLink(
                                Path.of("/proc/self/ns", order.get(i).procName()))
                        .toString();
                assertEquals(
                        settings.has(order.get(i)), !host.equals(inside.get(i)), order.get(i) + ": " + inside.get(i));
            }
        }
    }

    @Test
    void aNamespaceThatIsOffIsTheHosts() throws IOException {
        NamespacesSettings settings = Requests.with(Map.of(
                Namespace.PID, false,
                Namespace.UTS, false,
                Namespace.IPC, false,
                Namespace.NETWORK, false,
                Namespace.CGROUP, false));
        String inside = new Box(launcher, root)
                .run(settings, "cd /proc/self/ns; for n in pid uts ipc net cgroup; do readlink $n; done")
                .output();
        String host = Stream.of("pid", "uts", "ipc", "net", "cgroup")
                .map(name -> link("/proc/self/ns/" + name) + "\n")
                .collect(Collectors.joining());
        assertEquals(host, inside);
    }

    @Test
    void nothingOfTheHostsMountTableIsLeft() throws IOException {
        List<String> mounts = new Box(launcher, root)
                .run(
                        Requests.defaults(),
                        "while read -r a b c d point rest; do echo $point; done </proc/self/mountinfo")
                .output()
                .lines()
                .filter(point -> !point.startsWith("/usr") && !point.startsWith("/proc/") && !point.startsWith("/sys/"))
                .toList();

        assertEquals(
                List.of(
                        "/",
                        "/proc",
                        "/sys",
                        "/dev",
                        "/dev/null",
                        "/dev/zero",
                        "/dev/full",
                        "/dev/random",
                        "/dev/urandom",
                        "/dev/tty",
                        "/dev/pts",
                        "/dev/shm",
                        "/dev/mqueue"),
                mounts);
    }

    @Test
    void procAndSysAndDevAreMountedAsDockerDoes() throws IOException {
        String mounts = new Box(launcher, root)
                .run(Requests.defaults(), "cat /proc/mounts")
                .output();

        assertMount(mounts, "/proc proc rw,nosuid,nodev,noexec");
        assertMount(mounts, "/sys sysfs ro,nosuid,nodev,noexec");
        assertMount(mounts, "/dev tmpfs rw,nosuid,nodev,noexec");
        assertMount(mounts, "/dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666");
        assertMount(mounts, "/dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k");
        assertMount(mounts, "/proc/sys proc ro,nosuid,nodev,noexec");
    }

    @Test
    void devicesWork() throws IOException {
        String script = """
                echo gone >/dev/null && echo null
                test $(head -c 3 /dev/zero | wc -c) = 3 && echo zero
                (echo x >/dev/full) 2>/dev/null || echo full
                test $(head -c 3 /dev/random | wc -c) = 3 && echo random
                test $(head -c 3 /dev/urandom | wc -c) = 3 && echo urandom
                (: </dev/tty) 2>/dev/null || echo no terminal
                echo fd >/dev/fd/1
                echo stderr >/dev/stderr
                (: <>/dev/ptmx) && echo ptmx
                echo x >/dev/shm/x && echo shm
                stat -c '%n %A' /dev/shm /dev/mqueue /dev/pts/ptmx /dev/null
                """;
        Box.Kind bound = new Box.Kind(Map.of(), CapabilitySets.DOCKER_DEFAULT);
        Box.Kind made = new Box.Kind(Map.of(), CapabilitySets.of(Set.of(), Set.of()));
        Box.Kind inUserNamespace = new Box.Kind(USER, CapabilitySets.DOCKER_DEFAULT);
        for (Box.Kind kind : List.of(bound, made, inUserNamespace)) {
            Path image = Files.createTempDirectory(root, "image");
            assertEquals(
                    """
                    null
                    zero
                    full
                    random
                    urandom
                    no terminal
                    fd
                    ptmx
                    shm
                    /dev/shm drwxrwxrwt
                    /dev/mqueue drwxrwxrwt
                    /dev/pts/ptmx crw-rw-rw-
                    /dev/null crw-rw-rw-
                    stderr
                    """,
                    new Box(launcher, image)
                            .run(Requests.with(kind.switches()), kind.capabilities(), script)
                            .output(),
                    kind.toString());
        }
    }

    @Test
    void deviceNodesThatTheContainerMakesDoNotWork() throws IOException {
        assertEquals(
                "made\nrefused\n",
                new Box(launcher, root)
                        .run(
                                Requests.defaults(),
                                "mknod /dev/disk c 1 3 && echo made; (echo x >/dev/disk) 2>/dev/null || echo refused")
                        .output());
    }

    @Test
    void whatIsHiddenIsEmptyAndStaysSo() throws IOException {
        String script = """
                cat /proc/keys /proc/interrupts /proc/timer_list
                for d in /proc/acpi /sys/firmware; do test -d $d && ls -A $d; mkdir $d/x 2>/dev/null && echo made; done
                umount /proc/keys 2>/dev/null; test -e /dev/.empty && echo left
                """;
        assertEquals(
                "", new Box(launcher, root).run(Requests.defaults(), script).output());
    }

    @Test
    void whatIsProtectedCannotBeWritten() throws IOException {
        String script =
                "for f in /proc/sys/kernel/hostname /proc/irq/default_smp_affinity /sys/kernel/uevent_seqnum; do"
                        + " (echo 1 >$f) 2>/dev/null && echo $f; done; echo tried";
        assertEquals(
                "tried\n",
                new Box(launcher, root).run(Requests.defaults(), script).output());
    }

    @Test
    void whatAProfileMasksIsHiddenWhateverItsKind() throws IOException {
        NamespacesSettings settings =
                Requests.masking(List.of("/proc/version/", "/proc/tty", "/proc/no-such"), List.of(), List.of("all"));
        assertEquals(
                "hidden\nvisible\n",
                new Box(launcher, root)
                        .run(
                                settings,
                                "cat /proc/version; ls -A /proc/tty; echo hidden; grep -q CPU /proc/interrupts && echo visible")
                        .output());
    }

    @Test
    void onlyItsOwnProcessesAndItsOwnNameAndLoopback() throws IOException {
        assertEquals(
                "1\nbox.example\n0x9\n1\n",
                new Box(launcher, root)
                        .run(
                                Requests.defaults(),
                                "echo $$; cat /proc/sys/kernel/hostname; cat /sys/class/net/lo/flags;"
                                        + " grep -c 127.0.0.1 /proc/net/fib_trie | sed 's/[1-9].*/1/'")
                        .output());
    }

    @Test
    void rootInAUserNamespaceIsSomebodyElseOutside() throws Exception {
        Launch launch = new Box(launcher, root)
                .start(Requests.with(USER), "id -u; cat /proc/self/uid_map /proc/self/setgroups; read wait");
        assertEquals("0", line(launch));
        assertEquals("0 100000 65536", line(launch).strip().replaceAll(" +", " "));
        assertEquals("allow", line(launch));

        String child = Files.readString(
                        Path.of("/proc/" + launch.monitorPid() + "/task/" + launch.monitorPid() + "/children"))
                .strip();
        String status = Files.readString(Path.of("/proc/" + child + "/status"));
        assertTrue(status.contains("Uid:\t100000\t100000\t100000\t100000"), status);
        assertTrue(status.contains("Gid:\t100000\t100000\t100000\t100000"), status);
        launch.stdin().close();
        launch.onExit().get();
    }

    @Test
    void aMapOfOneIdWorksToo() throws IOException {
        NamespacesSettings settings = Requests.settings(USER, List.of(new IdRange(0L, 1000L, 1L)), List.of(), null);
        Box.Run run = new Box(launcher, root).run(settings, "id -u; grep -c 'dev/pts.*gid' /proc/mounts");

        assertEquals(new Box.Run("0\n0\n", 1 << 8, Optional.empty()), run); // grep ends with 1 when nothing matches
    }

    @Test
    void aUserNamespaceOnTheHostsNetworkSeesSysReadOnly() throws IOException {
        Map<Namespace, Boolean> switches = new EnumMap<>(USER);
        switches.put(Namespace.NETWORK, false);
        assertEquals(
                "mounted\nread-only\n",
                new Box(launcher, root)
                        .run(
                                Requests.with(switches),
                                "test -d /sys/class/net/lo && echo mounted;"
                                        + " while read -r source point type options rest; do case $type,$options,$point in"
                                        + " *,ro*|*,/sys/firmware) ;; *,/sys*) echo $point;; esac; done </proc/mounts;"
                                        + " echo read-only")
                        .output());
    }

    @Test
    void clocksAreOffset() throws IOException {
        NamespacesSettings settings = Requests.settings(
                Map.of(Namespace.TIME, true), List.of(), List.of(), new ClockOffsets(null, 1_000_000_000L));
        String uptime =
                new Box(launcher, root).run(settings, "cat /proc/uptime").output();

        assertTrue(Double.parseDouble(uptime.split(" ", -1)[0]) > 1e9, uptime);
    }

    @Test
    void anImageThatPlantsALinkWhereAMountGoesIsRefused() throws IOException {
        for (String name : List.of("proc", "sys", "dev")) {
            Path image = Files.createDirectory(root.resolve("hostile-" + name));
            Path target = Files.createDirectory(root.resolve("target-" + name));
            Box box = new Box(launcher, image);
            Files.delete(image.resolve(name));
            Files.createSymbolicLink(image.resolve(name), target);

            Box.Run run = box.run(Requests.defaults(), "echo started");

            assertEquals("", run.output());
            assertTrue(
                    run.failedStep().orElseThrow().matches("mount [a-z]+ on /" + name + ": (20|22)"), run.toString());
        }
    }

    @Test
    void anImageThatPlantsAFileWhereAMountGoesIsRefused() throws IOException {
        Box box = new Box(launcher, root);
        Files.delete(root.resolve("proc"));
        Files.createFile(root.resolve("proc"));

        Box.Run run = box.run(Requests.defaults(), "echo started");

        assertEquals("", run.output());
        assertTrue(run.failedStep().orElseThrow().startsWith("mount proc on /proc: "), run.toString());
    }

    @Test
    void anImageWithoutTheDirectoriesGetsThem() throws IOException {
        Box box = new Box(launcher, root);
        for (String name : List.of("proc", "sys", "dev")) {
            Files.delete(root.resolve(name));
        }
        assertEquals(
                "dr-xr-xr-x\n", box.run(Requests.defaults(), "stat -c %A /proc").output());
    }

    @Test
    void theProbeWorksHereWithEveryNamespace() {
        assertEquals(
                List.of(),
                new NamespaceIsolator()
                        .probe(
                                launcher.host(),
                                Settings.of(Requests.with(Map.of(Namespace.USER, true, Namespace.TIME, true))))
                        .findings());
    }

    private static void assertMount(String mounts, String expected) {
        assertTrue(
                mounts.lines()
                        .anyMatch(line -> line.substring(line.indexOf(' ') + 1).startsWith(expected)),
                () -> expected + " in\n" + mounts);
    }

    private static String line(Launch launch) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = launch.stdout().read();
                c >= 0 && c != '\n';
                c = launch.stdout().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static String link(String path) {
        try {
            return Files.readSymbolicLink(Path.of(path)).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
