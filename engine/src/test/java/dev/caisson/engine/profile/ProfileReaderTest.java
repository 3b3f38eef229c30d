package dev.caisson.engine.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.ContainerSpec.Selection;
import dev.caisson.api.NetworkSpec;
import dev.caisson.api.ProcessSpec;
import dev.caisson.api.ProcessSpec.Rlimit;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.Stdio;
import dev.caisson.api.Timeouts;
import dev.caisson.engine.profile.Profile.PlacedLayer;
import dev.caisson.layers.Layer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileReaderTest {

    static final Path PROFILES = Path.of("src/test/resources/profiles");

    private static final String LEAST = """
            rootfs: {layers: [{host: [sh]}]}
            process: {command: [sh]}
            """;

    private final ProfileReader reader = new ProfileReader();

    @Test
    void takesTheDefaultsThatUsersOfContainersKnow() {
        Profile profile = reader.read(LEAST, "My_Profile 1.yaml", Path.of("/"));

        ContainerSpec spec = profile.spec();
        assertEquals("my-profile-1", spec.name());
        assertEquals("my-profile-1", spec.hostname());
        assertEquals(List.of("namespaces", "seccomp"), names(spec.isolators()));
        assertEquals("auto", spec.rootfs().provider().name());
        assertEquals(false, spec.rootfs().readonly());
        assertEquals("auto", spec.controller().name());
        assertEquals(ResourceLimits.NONE, spec.resources());
        assertEquals(new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10)), spec.timeouts());
        assertEquals(new NetworkSpec(Map.of(), List.of()), spec.network());
        assertEquals(
                new ProcessSpec(
                        List.of("sh"),
                        0,
                        0,
                        List.of(),
                        Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME", "/"),
                        "/",
                        022,
                        true,
                        false,
                        true,
                        CapabilitySets.DOCKER_DEFAULT,
                        Map.of(),
                        null,
                        null,
                        null,
                        null),
                spec.process());
    }

    @Test
    void readsEveryKey() {
        Profile profile = reader.read(PROFILES.resolve("full.yaml"));

        ContainerSpec spec = profile.spec();
        assertEquals("full-1", spec.name());
        assertEquals("full.example", spec.hostname());
        assertEquals(List.of("namespaces", "seccomp"), names(spec.isolators()));
        assertEquals(
                "src/test/resources/profiles/full.yaml:5:5",
                spec.isolators().get(0).where());
        assertEquals("overlay", spec.rootfs().provider().name());
        assertEquals(true, spec.rootfs().readonly());
        assertEquals("cgroup-v2", spec.controller().name());
        assertEquals(new ResourceLimits(128L << 20, 0L, 0.5, 200, "0-1,3", "0", 64L), spec.resources());
        assertEquals(
                new Timeouts(Duration.ofSeconds(90), Duration.ofSeconds(5), Duration.ofMillis(500)), spec.timeouts());
        assertEquals(
                new NetworkSpec(Map.of("db.local", "10.0.0.7", "six", "fd00::7"), List.of("10.0.0.53", "2001:db8::1")),
                spec.network());
        Path directory = PROFILES.toAbsolutePath();
        Set<Capability> capabilities = EnumSet.copyOf(Capability.DOCKER_DEFAULT);
        capabilities.add(Capability.NET_ADMIN);
        capabilities.removeAll(Set.of(Capability.MKNOD, Capability.NET_RAW));
        assertEquals(
                new ProcessSpec(
                        List.of("sh", "-c", "echo hello", "022", "1.10", "true", "no"),
                        1000,
                        100,
                        List.of(4, 27),
                        Map.of(
                                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                "LANG", "C",
                                "VERSION", "1.10",
                                "EMPTY", ""),
                        "/tmp",
                        077,
                        false,
                        false,
                        false,
                        CapabilitySets.of(capabilities, Set.of()),
                        Map.of(
                                "nofile", new Rlimit(1024, 1024),
                                "core", new Rlimit(0, 1 << 20),
                                "cpu", new Rlimit(-1, -1),
                                "stack", new Rlimit(8 << 20, 8 << 20)),
                        -500,
                        new Stdio.Discard(),
                        new Stdio.Pipe(),
                        new Stdio.File(directory.resolve("err.log"), true)),
                spec.process());
        assertEquals(
                List.of(
                        new Layer.HostPrograms(List.of("sh", "/usr/bin/env")),
                        new Layer.Directory(directory.resolve("layers/low")),
                        new Layer.Directory(directory.resolve("layers/high"))),
                profile.layers().stream().map(PlacedLayer::layer).toList());
        assertEquals(
                "src/test/resources/profiles/full.yaml:9:40",
                profile.layers().get(1).where());
    }

    @Test
    void theSpecIsCompleteWhenLayersAreDirectories() {
        Profile profile = reader.read(PROFILES.resolve("full.yaml"));
        List<Path> directories = List.of(Path.of("/a"), Path.of("/b"), Path.of("/c"));

        ContainerSpec complete = profile.spec(directories);

        assertEquals(directories, complete.rootfs().layers());
        assertEquals(profile.spec().rootfs().provider(), complete.rootfs().provider());
        assertEquals(profile.spec().process(), complete.process());
        assertThrows(IllegalArgumentException.class, () -> profile.spec(List.of()));
    }

    @Test
    void readsTheExample() {
        ContainerSpec spec = reader.read(PROFILES.resolve("hello.yaml")).spec();
        assertEquals(
                List.of("sh", "-c", "echo hello from $(hostname), pid $$"),
                spec.process().command());
        assertEquals(1000, spec.process().user());
        assertEquals(1000, spec.process().group());
    }

    @Test
    void nullIsAsIfTheKeyWereNotThere() {
        ContainerSpec spec = process("user: null, umask: ~, rlimits: null");
        assertEquals(0, spec.process().user());
        assertEquals(022, spec.process().umask());
        assertEquals(Map.of(), spec.process().rlimits());
        assertNull(spec.process().stdin());
    }

    @Test
    void aTerminalHasATerm() {
        assertEquals("xterm", process("tty: true").process().environment().get("TERM"));
        assertEquals(
                "dumb",
                process("tty: true, env: {TERM: dumb}").process().environment().get("TERM"));
    }

    @Test
    void theOrderOfTheEnvironmentIsTheProfiles() {
        assertEquals(
                List.of("PATH", "HOME", "Z", "A", "M"),
                List.copyOf(process("env: {Z: 1, A: 2, M: 3}")
                        .process()
                        .environment()
                        .keySet()));
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000, 1000", "1000:0, 1000, 0", "root, 0, 0", "0:5, 0, 5", "7:root, 7, 0"})
    void usersAreNumbers(String written, int user, int group) {
        ProcessSpec process = process("user: \"" + written + "\"").process();
        assertEquals(user, process.user());
        assertEquals(group, process.group());
    }

    @Test
    void aFileNeedsASlashOrItsKey() {
        assertEquals(
                new Stdio.File(Path.of("/out.log"), false),
                process("stdout: ./out.log").process().stdout());
        assertEquals(
                new Stdio.File(Path.of("/out"), false),
                process("stdout: {file: out}").process().stdout());
        assertEquals(new Stdio.Discard(), process("stdout: \"null\"").process().stdout());
        assertEquals(new Stdio.Inherit(), process("stdin: inherit").process().stdin());
    }

    @Test
    void capabilitiesAreRelativeToDockersOrExplicit() {
        assertEquals(
                CapabilitySets.of(Set.of(), Set.of()),
                process("capabilities: {drop: [ALL]}").process().capabilities());
        assertEquals(
                CapabilitySets.of(Set.of(Capability.CHOWN), Set.of()),
                process("capabilities: {drop: [all], add: [Chown]}").process().capabilities());
        Set<Capability> allButOne = EnumSet.complementOf(EnumSet.of(Capability.SYS_ADMIN));
        assertEquals(
                CapabilitySets.of(allButOne, Set.of()),
                process("capabilities: {add: [ALL], drop: [SYS_ADMIN]}")
                        .process()
                        .capabilities());
        Set<Capability> raw = Set.of(Capability.NET_RAW);
        assertEquals(
                new CapabilitySets(EnumSet.allOf(Capability.class), raw, raw, raw),
                process("capabilities: {bounding: [ALL], permitted: [NET_RAW], effective: [NET_RAW], "
                                + "ambient: [NET_RAW], inheritable: [NET_RAW]}")
                        .process()
                        .capabilities());
    }

    @Test
    void aByteOrderMarkAndWindowsLineEndsAreFine() throws Exception {
        Path file = Files.createTempFile("bom", ".yaml");
        try {
            Files.writeString(file, "\ufeff" + LEAST.replace("\n", "\r\n"));
            assertEquals(List.of("sh"), reader.read(file).spec().process().command());
        } finally {
            Files.delete(file);
        }
    }

    private ContainerSpec process(String keys) {
        String yaml = "rootfs: {layers: [{host: [sh]}]}\nprocess: {command: [sh], " + keys + "}\n";
        return reader.read(yaml, "test.yaml", Path.of("/")).spec();
    }

    private static List<String> names(List<Selection> selections) {
        return selections.stream().map(Selection::name).toList();
    }
}
