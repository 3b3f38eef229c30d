package dev.caisson.engine.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.api.ContainerSpec;
import dev.caisson.api.ProfileException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesTest {

    @Test
    void countOverTheProfileEachOverThoseBefore() {
        ContainerSpec spec = read(
                "resources.memory=64MiB",
                "resources.pids=5",
                "resources.pids=6",
                "process.env.DEBUG=1",
                "process.env={LANG: null, TZ: UTC}",
                "timeouts.wall=3s");
        assertEquals(64L << 20, spec.resources().memory());
        assertEquals(6L, spec.resources().pids());
        assertEquals(0.5, spec.resources().cpus());
        assertEquals("1", spec.process().environment().get("DEBUG"));
        assertEquals("UTC", spec.process().environment().get("TZ"));
        assertEquals(false, spec.process().environment().containsKey("LANG"));
    }

    @Test
    void theCommandCanBeAnother() {
        Profile profile = new ProfileReader()
                .read(
                        ProfileReaderTest.PROFILES.resolve("hello.yaml"),
                        new Overrides(List.of(), List.of("echo", "a: b", "")));
        assertEquals(List.of("echo", "a: b", ""), profile.spec().process().command());
    }

    @Test
    void anotherProviderReplacesTheOneOfTheProfileWithItsSettings() {
        ContainerSpec spec = read("rootfs.provider={overlay: {a: 1}}", "rootfs.provider={vfs: {b: 2}}");
        assertEquals("vfs", spec.rootfs().provider().name());
        assertEquals(new Other(null, 2L), spec.rootfs().provider().settings().as(Other.class));
        ContainerSpec merged = read("rootfs.provider={overlay: {a: 1}}", "rootfs.provider.overlay.b=2");
        assertEquals(new Other(1L, 2L), merged.rootfs().provider().settings().as(Other.class));
        assertEquals(
                "--set rootfs.provider.overlay.b=2", merged.rootfs().provider().where());
    }

    record Other(@Nullable Long a, @Nullable Long b) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resources.memory=1x | resources.memory: \"1x\" is not a size; write bytes, or a unit as in 64KiB, 128MiB, 2GiB",
                "resources.memry=1k | resources: unknown key \"memry\"; did you mean \"memory\"?",
                "memory=1k | unknown key \"memory\"; did you mean \"resources.memory\"?",
                "resources=5 | resources: expected a mapping, found the number 5; write lines of key: value, with the keys "
                        + "controller, memory, swap, cpus, cpuWeight, cpuset, cpusetMemory, pids",
                "nothing | not of the form key=value; write it as resources.memory=64MiB",
                "=5 | not of the form key=value; write it as resources.memory=64MiB",
                "a..b=5 | not of the form key=value; write it as resources.memory=64MiB",
                "name= | name: no value after the equals sign; write one, or null for the default",
                "name=[a | name: not YAML: expected ',' or ']', but got <stream end>; look at the indentation, quotes and "
                        + "brackets before this place",
                "extends=base.yaml | extends: can only be written in a file; name the other profile instead",
                "isolators.0=chroot | isolators: expected a list, found a mapping; write it as [namespaces, seccomp]",
            })
    void errorsNameTheText(String set, String problem) {
        String message = assertThrows(ProfileException.class, () -> read(set)).getMessage();
        assertEquals("--set " + set + ": " + problem, message);
    }

    private static ContainerSpec read(String... sets) {
        return new ProfileReader()
                .read(ProfileReaderTest.PROFILES.resolve("hello.yaml"), new Overrides(List.of(sets), List.of()))
                .spec();
    }
}
