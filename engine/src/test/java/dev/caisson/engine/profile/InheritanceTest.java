package dev.caisson.engine.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.api.ContainerSpec;
import dev.caisson.api.ContainerSpec.Selection;
import dev.caisson.api.ProcessSpec.Rlimit;
import dev.caisson.api.ProfileException;
import dev.caisson.layers.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InheritanceTest {

    @TempDir
    Path directory = Path.of("set by JUnit");

    @BeforeEach
    void writeTheBase() throws IOException {
        Files.createDirectories(directory.resolve("shared/root"));
        Files.writeString(directory.resolve("shared/base.yaml"), """
                isolators: [namespaces, seccomp]
                rootfs: {provider: {overlay: {}}, layers: [./root], readonly: true}
                resources: {memory: 128MiB, pids: 64}
                process:
                  command: [sh, -c, "echo base"]
                  env: {LANG: C, TZ: UTC}
                  rlimits: {nofile: {soft: 10, hard: 20}}
                timeouts: {wall: 10s}
                """);
    }

    @Test
    void mappingsMergeEverythingElseReplaces() throws IOException {
        ContainerSpec spec = read("""
                extends: shared/base.yaml
                isolators: [chroot]
                rootfs: {provider: vfs}
                resources: {pids: 5}
                process: {command: [ls], env: {TZ: CET}, rlimits: {nofile: {soft: 15}}}
                """);
        assertEquals("app", spec.name());
        assertEquals(
                List.of("chroot"),
                spec.isolators().stream().map(Selection::name).toList());
        assertEquals("vfs", spec.rootfs().provider().name());
        assertEquals(true, spec.rootfs().readonly());
        assertEquals(128L << 20, spec.resources().memory());
        assertEquals(5L, spec.resources().pids());
        assertEquals(List.of("ls"), spec.process().command());
        assertEquals("C", spec.process().environment().get("LANG"));
        assertEquals("CET", spec.process().environment().get("TZ"));
        assertEquals(Map.of("nofile", new Rlimit(15, 20)), spec.process().rlimits());
    }

    @Test
    void nullTakesBackWhatTheBaseSays() throws IOException {
        ContainerSpec spec = read("""
                extends: shared/base.yaml
                isolators: null
                resources: {memory: null}
                process: {rlimits: null}
                timeouts: ~
                """);
        assertEquals(2, spec.isolators().size());
        assertEquals(null, spec.resources().memory());
        assertEquals(64L, spec.resources().pids());
        assertEquals(0, spec.process().rlimits().size());
        assertEquals(true, spec.timeouts().wall().isZero());
    }

    @Test
    void pathsStartAtTheFileThatHasThem() throws IOException {
        Profile profile = new ProfileReader().read(write("extends: shared/base.yaml\n"));
        assertEquals(
                new Layer.Directory(directory.resolve("shared/root").toRealPath()),
                profile.layers().get(0).layer());
        assertEquals(
                directory.resolve("shared/base.yaml") + ":2:44",
                profile.layers().get(0).where());
    }

    @Test
    void anErrorIsInTheFileThatHasIt() throws IOException {
        Files.writeString(
                directory.resolve("shared/base.yaml"), "process: {umask: many}\nrootfs: {layers: [{host: [sh]}]}\n");
        Path file = write("extends: shared/base.yaml\nprocess: {command: [sh]}\n");
        String message = assertThrows(ProfileException.class, () -> new ProfileReader().read(file))
                .getMessage();
        assertEquals(
                directory.resolve("shared/base.yaml")
                        + ":1:18: process.umask: \"many\" is not a file mode mask; write up to three octal digits, as in \"022\"",
                message);
    }

    @Test
    void aBaseMayBeExtendedItself() throws IOException {
        Files.writeString(directory.resolve("shared/middle.yaml"), "extends: base.yaml\nhostname: middle\n");
        ContainerSpec spec = read("extends: shared/middle.yaml\nname: own\n");
        assertEquals("middle", spec.hostname());
        assertEquals("own", spec.name());
    }

    private ContainerSpec read(String yaml) throws IOException {
        return new ProfileReader().read(write(yaml)).spec();
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("app.yaml"), yaml);
    }
}
