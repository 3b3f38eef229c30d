package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.engine.Container;
import dev.caisson.engine.profile.ProfileBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which namespaces a container shares with the host, seen from the host. */
class NamespacesIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    /** The settings' names, and the kernel's. */
    private static final Map<String, String> NAMES = Map.of(
            "mount", "mnt", "pid", "pid", "uts", "uts", "ipc", "ipc", "network", "net", "cgroup", "cgroup", "user",
            "user", "time", "time");

    private static final Set<String> USUALLY_OFF = Set.of("user", "time");

    @Test
    void theUsualOnesAreItsOwn() throws IOException {
        assertEquals(USUALLY_OFF, shared(sleeping(Map.of())));
    }

    @Test
    void allCanBeItsOwn() throws IOException {
        assertEquals(Set.of(), shared(sleeping(Map.of("user", true, "time", true))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pid", "uts", "ipc", "network", "cgroup"})
    void oneThatIsOffIsTheHosts(String namespace) throws IOException {
        Set<String> expected = new HashSet<>(USUALLY_OFF);
        expected.add(namespace);

        assertEquals(expected, shared(sleeping(Map.of(namespace, false))));
    }

    /** Without a mount namespace, something else must change the root. */
    @Test
    void chrootStandsInForTheMountNamespace() throws IOException {
        ProfileBuilder profile = TestBed.shell("exec sleep 1000")
                .isolator("namespaces", Map.of("mount", false))
                .isolator("chroot")
                .rootfs("vfs");

        assertEquals(Set.of("mount", "user", "time"), shared(profile));
    }

    @Test
    void theOldWaySharesAll() throws IOException {
        ProfileBuilder profile =
                TestBed.shell("exec sleep 1000").isolator("chroot").rootfs("vfs");

        assertEquals(NAMES.keySet(), shared(profile));
    }

    @Test
    void insideTheyAreSeenAsOutside() throws IOException {
        String inside = BED.output(
                TestBed.shell("cd /proc/self/ns; for n in mnt pid uts ipc net cgroup; do readlink $n; done"));

        for (String line : inside.split("\n", -1)) {
            if (!line.isEmpty()) {
                String name = line.substring(0, line.indexOf(':'));
                assertNotEquals(
                        Files.readSymbolicLink(Path.of("/proc/self/ns", name)).toString(), line);
            }
        }
        assertEquals(6, inside.lines().count(), inside);
    }

    /** Without a pid namespace its processes are the host's too, and all of them end with it. */
    @Test
    void withoutPidNamespaceNothingStays() {
        ProfileBuilder profile =
                TestBed.shell("(sleep 1000 &) >&- 2>&- <&-; echo $$").isolator("namespaces", Map.of("pid", false));

        long pid = Long.parseLong(BED.output(profile).strip());

        assertTrue(pid > 2, "a pid of the host's, not " + pid);
        BED.assertNothingLeft();
    }

    @Test
    void aNetworkOfItsOwnHasLoopbackOnly() {
        assertEquals("lo\n", BED.output(TestBed.shell("ls /sys/class/net")));
        // The last column of the second table is the routing table's local address: the interface is up.
        assertTrue(BED.output(TestBed.shell("cat /proc/net/fib_trie")).contains("127.0.0.1"));
    }

    @Test
    void aTimeNamespaceHasOffsets() {
        String uptime = BED.output(TestBed.shell("cat /proc/uptime")
                .isolator("namespaces", Map.of("time", true, "clocks", Map.of("boottime", 1_000_000_000))));

        assertTrue(Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) > 1e9, uptime);
    }

    // User namespaces:

    @ParameterizedTest
    @CsvSource({"overlay, 0, 100000", "overlay, 1000, 101000", "vfs, 0, 100000"})
    void rootInsideIsNobodyOutside(String provider, int inside, int outside) throws IOException {
        ProfileBuilder profile = sleeping(Map.of("user", true)).rootfs(provider).user(inside, inside);
        try (Container container = BED.start(profile)) {
            Map<String, String> status = status(TestBed.process(container, "sleep"));
            assertEquals(repeated(outside), status.get("Uid"));
            assertEquals(repeated(outside), status.get("Gid"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlay", "vfs"})
    void filesOfRootAreRootsInside(String provider) {
        ProfileBuilder profile = TestBed.shell(
                        "id -u; stat -c %u:%g / /bin/sh /etc /etc/hosts /dev/null /dev/pts; touch /new; stat -c %u:%g /new")
                .isolator("namespaces", Map.of("user", true))
                .isolator("seccomp")
                .rootfs(provider);

        String[] lines = BED.output(profile).split("\n", -1);

        assertEquals("0", lines[0]);
        // The host's own device, bound: its owner has no number inside.
        assertEquals(
                List.of("0:0", "0:0", "0:0", "0:0", "65534:65534", "0:0", "0:0"),
                List.of(lines).subList(1, 8));
    }

    @Test
    void theMapsAreTheProfiles() {
        ProfileBuilder profile = TestBed.shell("cat /proc/self/uid_map /proc/self/gid_map")
                .isolator(
                        "namespaces",
                        Map.of(
                                "user", true,
                                "uids", List.of(Map.of("inside", 0, "outside", 200000, "count", 1000)),
                                "gids", List.of(Map.of("inside", 0, "outside", 300000, "count", 2000))));

        assertEquals(
                "0 200000 1000\n0 300000 2000\n",
                BED.output(profile).replaceAll(" +", " ").replaceAll("(?m)^ ", ""));
    }

    @Test
    void aUserWithoutMappingIsRefusedWithAReason() {
        Run run = BED.caisson("run", BED.profile("unmapped", """
                        isolators: [{namespaces: {user: true, uids: [{inside: 0, outside: 200000, count: 1000}]}}]
                        rootfs: {layers: [{host: [sh]}]}
                        process: {command: [sh], user: "5000:0"}
                        """));

        assertEquals(125, run.exit(), run.toString());
        assertTrue(
                run.err()
                        .matches(
                                "caisson: engine, step \\d+ of \\d+: become user 5000: EINVAL \\(Invalid argument\\); the id has"
                                        + " no mapping in the container's user namespace; map it, or choose another\n"),
                run.err());
    }

    private static ProfileBuilder sleeping(Map<String, ?> settings) {
        return TestBed.shell("exec sleep 1000").isolator("namespaces", settings).isolator("seccomp");
    }

    /** The namespaces that a container's command shares with this process. */
    private static Set<String> shared(ProfileBuilder profile) throws IOException {
        Set<String> shared = new HashSet<>();
        try (Container container = BED.start(profile)) {
            Path namespaces = TestBed.process(container, "sleep").resolve("ns");
            for (Map.Entry<String, String> name : NAMES.entrySet()) {
                Path own = Path.of("/proc/self/ns", name.getValue());
                if (Files.readSymbolicLink(own).equals(Files.readSymbolicLink(namespaces.resolve(name.getValue())))) {
                    shared.add(name.getKey());
                }
            }
        }
        return shared;
    }

    private static Map<String, String> status(Path process) {
        Map<String, String> status = new LinkedHashMap<>();
        TestBed.read(process.resolve("status")).lines().forEach(line -> {
            int colon = line.indexOf(':');
            status.put(line.substring(0, colon), line.substring(colon + 1).strip());
        });
        return status;
    }

    private static String repeated(int id) {
        return String.join("\t", List.of("" + id, "" + id, "" + id, "" + id));
    }
}
