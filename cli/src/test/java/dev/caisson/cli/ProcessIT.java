package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import dev.caisson.api.Stdio;
import dev.caisson.engine.Container;
import dev.caisson.engine.profile.ProfileBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command is given and what it is not: credentials, descriptors, limits, environment. */
class ProcessIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    /** Docker's default set. */
    private static final String USUAL = "00000000a80425fb";

    private static final String NONE = "0000000000000000";

    // Credentials:

    @Test
    void rootHasTheUsualCapabilitiesAndAFilter() {
        Map<String, String> status = status(TestBed.shell("cat /proc/self/status"));

        assertCapabilities(status, USUAL, USUAL, NONE);
        assertEquals("2", status.get("Seccomp"));
        assertEquals("1", status.get("NoNewPrivs"));
        assertEquals("", status.get("Groups"));
        assertEquals("0\t0\t0\t0", status.get("Uid"));
    }

    @Test
    void anotherUserHasNone() {
        Map<String, String> status =
                status(TestBed.shell("cat /proc/self/status").user(1000, 100));

        assertCapabilities(status, USUAL, NONE, NONE);
        assertEquals("2", status.get("Seccomp"));
        assertEquals("1", status.get("NoNewPrivs"));
        assertEquals("1000\t1000\t1000\t1000", status.get("Uid"));
        assertEquals("100\t100\t100\t100", status.get("Gid"));
    }

    @Test
    void capabilitiesAreAddedAndDropped() {
        Map<String, String> status = status(TestBed.shell("cat /proc/self/status")
                .addCapability(Capability.NET_ADMIN)
                .addCapability(Capability.SYS_TIME)
                .dropCapability(Capability.MKNOD)
                .dropCapability(Capability.CHOWN));

        long expected = (0xa80425fbL | 1L << 12 | 1L << 25) & ~(1L << 27 | 1L);
        assertCapabilities(status, mask(expected), mask(expected), NONE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAmbientCapabilityIsKeptByAnyUser(boolean noNewPrivileges) {
        Set<Capability> bind = Set.of(Capability.NET_BIND_SERVICE);
        Map<String, String> status = status(TestBed.shell("cat /proc/self/status")
                .user(1000, 1000)
                .noNewPrivileges(noNewPrivileges)
                .capabilities(new CapabilitySets(Capability.DOCKER_DEFAULT, bind, bind, bind)));

        assertCapabilities(status, USUAL, mask(1 << 10), mask(1 << 10));
    }

    /** Without no_new_privs, installing a filter takes a privilege that the command must not keep. */
    @ParameterizedTest
    @CsvSource({"0, true", "0, false", "1000, true", "1000, false"})
    void withoutNoNewPrivileges(int user, boolean filter) {
        ProfileBuilder profile = TestBed.shell("cat /proc/self/status")
                .user(user, user)
                .noNewPrivileges(false)
                .isolator("namespaces");

        Map<String, String> status = status(filter ? profile.isolator("seccomp") : profile);

        assertCapabilities(status, USUAL, user == 0 ? USUAL : NONE, NONE);
        assertEquals("0", status.get("NoNewPrivs"));
        assertEquals(filter ? "2" : "0", status.get("Seccomp"));
    }

    @ParameterizedTest
    @CsvSource({"true, 1000", "false, 0"})
    void aSetIdProgramGivesItsOwnerOnlyIfAllowed(boolean noNewPrivileges, String user) throws IOException {
        Path layer = Files.createDirectories(BED.work().resolve("set-id-" + noNewPrivileges));
        Path program = Files.copy(Path.of("/usr/bin/id"), layer.resolve("set-id"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(program, "unix:mode", 04755);

        assertEquals(
                user + "\n",
                BED.output(TestBed.shell("/set-id -u")
                        .layer(layer)
                        .user(1000, 1000)
                        .noNewPrivileges(noNewPrivileges)));
    }

    @Test
    void supplementaryGroups() {
        assertEquals(
                "100 4 27\n",
                BED.output(TestBed.shell("id -G").user(1000, 100).group(4).group(27)));
    }

    // Descriptors and streams:

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyTheThreeStreamsAreOpen(boolean init) throws IOException {
        try (Container container = BED.start(TestBed.shell("exec sleep 1000").init(init))) {
            assertEquals(Set.of("0", "1", "2"), descriptors(TestBed.process(container, "sleep")));
        }
    }

    @Test
    void onlyTheThreeStreamsAreOpenWithoutNamespaces() throws IOException {
        ProfileBuilder profile =
                TestBed.shell("exec sleep 1000").isolator("chroot").rootfs("vfs");
        try (Container container = BED.start(profile)) {
            assertEquals(Set.of("0", "1", "2"), descriptors(TestBed.process(container, "sleep")));
        }
    }

    /** Counted by the shell itself, which opens nothing for it. */
    @Test
    void insideThereAreThreeToo() {
        String script = "i=0; while [ $i -lt 1024 ]; do if [ -e /proc/self/fd/$i ]; then echo $i; fi; i=$((i+1)); done";

        assertEquals("0\n1\n2\n", BED.output(TestBed.shell(script)));
    }

    @Test
    void theCommandReadsWhatIsWrittenToIt() throws IOException {
        try (Container container = BED.start(TestBed.shell("cat"))) {
            container.stdin().write("one line\n".getBytes(StandardCharsets.UTF_8));
            container.stdin().close();

            assertEquals("one line\n", new String(container.stdout().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, container.waitFor().exitCode());
        }
    }

    @Test
    void theCommandLinePassesItsOwnStreamsOn() throws IOException {
        Running running = BED.start("run", TestBed.example("hello"), "--", "sh", "-c", "cat; echo warning >&2");
        running.stdin().write("typed\n".getBytes(StandardCharsets.UTF_8));
        running.stdin().close();

        assertEquals(new Run(0, "typed\n", "warning\n"), running.end());
    }

    /** A program that opens its error output by name must find it its own. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void streamsCanBeOpenedByName(int user) {
        ProfileBuilder profile = TestBed.shell("echo out > /dev/stdout; echo err > /dev/stderr; cat /dev/stdin")
                .user(user, user);

        assertEquals(new Run(0, "out\n", "err\n"), BED.run(profile));
    }

    @Test
    void streamsAreFilesOfTheHostIfTheProfileSaysSo() throws IOException {
        Path in = Files.writeString(BED.work().resolve("in"), "from a file\n");
        Path out = Files.writeString(BED.work().resolve("out"), "before\n");
        ProfileBuilder profile = TestBed.shell("cat; echo problem >&2")
                .stdin(new Stdio.File(in, false))
                .stdout(new Stdio.File(out, true))
                .stderr(new Stdio.Discard());

        assertEquals(new Run(0, "", ""), BED.run(profile));
        assertEquals("before\nfrom a file\n", Files.readString(out));
    }

    // The rest:

    @Test
    void theEnvironmentIsTheProfiles() {
        assertEquals(
                Set.of(
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "HOME=/",
                        "LANG=C",
                        "TEXT=with spaces and = signs"),
                BED.output(TestBed.shell("").command("env").env("LANG", "C").env("TEXT", "with spaces and = signs"))
                        .lines()
                        .collect(Collectors.toSet()));
    }

    @Test
    void workingDirectoryUmaskAndLimits() {
        assertEquals(
                """
                /tmp
                0027
                100
                200
                0
                unlimited
                777
                """,
                BED.output(TestBed.shell(
                                "pwd; umask; ulimit -Sn; ulimit -Hn; ulimit -Hc; ulimit -Ss; cat /proc/self/oom_score_adj")
                        .user(1000, 1000)
                        .workingDirectory("/tmp")
                        .umask(027)
                        .rlimit("nofile", 100, 200)
                        .rlimit("core", 0, 0)
                        .rlimit("stack", -1, -1)
                        .oomScoreAdj(777)));
    }

    @Test
    void aSessionOfItsOwnWithoutTerminal() {
        // Fields of proc_pid_stat(5): the session is the sixth, the terminal the seventh.
        assertEquals(
                "2 0\n",
                BED.output(TestBed.shell("read -r pid name state parent group session terminal rest < /proc/self/stat;"
                        + " echo $session $terminal")));
    }

    /** The host's programs know nothing of a signal mask or ignored signals; a container that starts with some behaves oddly. */
    @Test
    void noSignalIsBlockedOrIgnored() {
        Map<String, String> status = status(TestBed.shell("").command("cat", "/proc/self/status"));

        assertEquals(NONE, status.get("SigBlk"));
        assertEquals(NONE, status.get("SigIgn"));
    }

    private static Map<String, String> status(ProfileBuilder profile) {
        Map<String, String> status = new LinkedHashMap<>();
        BED.output(profile).lines().forEach(line -> {
            int colon = line.indexOf(':');
            status.put(line.substring(0, colon), line.substring(colon + 1).strip());
        });
        return status;
    }

    private static void assertCapabilities(
            Map<String, String> status, String bounding, String effective, String ambient) {
        assertEquals(
                List.of(bounding, effective, effective, ambient, ambient),
                Stream.of("CapBnd", "CapEff", "CapPrm", "CapAmb", "CapInh")
                        .map(status::get)
                        .toList(),
                "bounding, effective, permitted, ambient, inheritable");
    }

    private static String mask(long capabilities) {
        return String.format("%016x", capabilities);
    }

    private static Set<String> descriptors(Path process) throws IOException {
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            Set<String> numbers = new TreeSet<>();
            files.forEach(file -> numbers.add(file.getFileName().toString()));
            assertTrue(!numbers.isEmpty());
            return numbers;
        }
    }
}
