package dev.caisson.engine.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.ProfileException;
import dev.caisson.api.Stdio;
import dev.caisson.engine.profile.Profile.PlacedLayer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProfileBuilderTest {

    record Namespaces(@Nullable Boolean network, List<String> maps) {}

    @Test
    void hasTheDefaultsOfYaml() {
        ContainerSpec built =
                Profile.builder().hostPrograms("sh").command("sh").build().spec();
        ContainerSpec read = new ProfileReader()
                .read("rootfs: {layers: [{host: [sh]}]}\nprocess: {command: [sh]}\n", "container.yaml", Path.of("/"))
                .spec();
        assertEquals(read.name(), built.name());
        assertEquals(read.process(), built.process());
        assertEquals(read.resources(), built.resources());
        assertEquals(read.timeouts(), built.timeouts());
        assertEquals(read.isolators().size(), built.isolators().size());
    }

    @Test
    void saysEverythingThatYamlCan() {
        Profile built = Profile.builder()
                .name("full-1")
                .hostname("full.example")
                .isolator("namespaces", Map.of("network", false, "maps", List.of("0:1:2")))
                .isolator("seccomp")
                .rootfs("overlay", Map.of("size", "64MiB"))
                .hostPrograms("sh", "/usr/bin/env")
                .layer(ProfileReaderTest.PROFILES.resolve("layers/low"))
                .layer(ProfileReaderTest.PROFILES.resolve("layers/high"))
                .readonlyRootfs(true)
                .controller("cgroup-v2")
                .memory("128MiB")
                .swap(0)
                .cpus(0.5)
                .cpuWeight(200)
                .cpuset("0-1,3")
                .cpusetMemory("0")
                .pids(64)
                .command("sh", "-c", "echo hello", "022", "1.10", "true", "no")
                .user(1000, 100)
                .group(4)
                .group(27)
                .env("LANG", "C")
                .env("VERSION", "1.10")
                .env("HOME", "/")
                .env("EMPTY", "")
                .workingDirectory("/tmp")
                .umask(077)
                .init(false)
                .noNewPrivileges(false)
                .addCapability(Capability.NET_ADMIN)
                .dropCapability(Capability.MKNOD)
                .dropCapability(Capability.NET_RAW)
                .rlimit("nofile", 1024, 1024)
                .rlimit("core", 0, 1 << 20)
                .rlimit("cpu", -1, -1)
                .rlimit("stack", 8 << 20, 8 << 20)
                .oomScoreAdj(-500)
                .stdin(new Stdio.Discard())
                .stdout(new Stdio.Pipe())
                .stderr(new Stdio.File(ProfileReaderTest.PROFILES.resolve("err.log"), true))
                .wallTimeout(Duration.ofSeconds(90))
                .cpuTimeout(Duration.ofSeconds(5))
                .grace(Duration.ofMillis(500))
                .host("db.local", "10.0.0.7")
                .host("six", "fd00::7")
                .nameserver("10.0.0.53")
                .nameserver("2001:db8::1")
                .build();
        Profile read = new ProfileReader()
                .read(
                        ProfileReaderTest.PROFILES.resolve("full.yaml"),
                        new Overrides(List.of("process.env.HOME=/"), List.of()));

        assertEquals(read.spec().process(), built.spec().process());
        assertEquals(read.spec().resources(), built.spec().resources());
        assertEquals(read.spec().timeouts(), built.spec().timeouts());
        assertEquals(read.spec().network(), built.spec().network());
        assertEquals(read.spec().hostname(), built.spec().hostname());
        assertEquals(read.spec().rootfs().readonly(), built.spec().rootfs().readonly());
        assertEquals(
                read.layers().stream().map(PlacedLayer::layer).toList(),
                built.layers().stream().map(PlacedLayer::layer).toList());
        assertEquals(
                new Namespaces(false, List.of("0:1:2")),
                built.spec().isolators().get(0).settings().as(Namespaces.class));
    }

    @Test
    void capabilitiesMayBeExplicit() {
        Set<Capability> chown = Set.of(Capability.CHOWN);
        CapabilitySets sets = new CapabilitySets(Capability.DOCKER_DEFAULT, Set.of(), chown, chown);
        assertEquals(sets, least().capabilities(sets).build().spec().process().capabilities());
    }

    @Test
    void errorsNameTheKey() {
        assertError(least().memory(5), "resources.memory: 5 is too small; write at least 64KiB");
        assertError(
                least().user(-1, 0),
                "process.user: \"-1:0\" is not a user; write numbers, uid:gid as in \"1000:1000\", "
                        + "since the names in the root file system are not to be trusted");
        assertError(
                least().wallTimeout(Duration.ofSeconds(-1)),
                "timeouts.wall: \"-1000ms\" is not a duration; write a "
                        + "number and a unit, as in 500ms, 10s, 2m, 1m30s, 1h");
        assertError(
                Profile.builder().hostPrograms("sh"),
                "process: command is missing; write it as command: [sh, -c, "
                        + "\"echo hello\"], or on the command line after --");
        assertError(
                least().env("A\0B", "x"),
                "process.env: a NUL character, at which the kernel would cut the text; remove \\0");
    }

    private static ProfileBuilder least() {
        return Profile.builder().hostPrograms("sh").command("sh");
    }

    private static void assertError(ProfileBuilder builder, String problem) {
        String message = assertThrows(ProfileException.class, builder::build).getMessage();
        assertEquals("profile builder: " + problem, message);
    }
}
