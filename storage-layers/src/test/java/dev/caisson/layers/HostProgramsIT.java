package dev.caisson.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.launcher.Launcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes layers of this host's programs, and runs them with the layer as their root. */
class HostProgramsIT {

    @TempDir
    Path temporary;

    @BeforeEach
    void asRoot() {
        assumeTrue(new Launcher().host().privileged(), "chroot needs root");
    }

    @AfterEach
    void deleteLayers() {
        Trash.empty(temporary);
    }

    @Test
    void theProgramsRun() throws Exception {
        Path layer = layer("sh", "ls", "id", "cat");

        assertEquals("hello\n", run(layer, "sh", "-c", "echo hello"));
        assertEquals("uid=1000(user) gid=1000(user) groups=1000(user)\n", run(layer, "id", "user"));
        assertTrue(run(layer, "/bin/ls", "/").contains("proc\n"));
        assertEquals("", run(layer, "cat", "/dev/null").replaceAll(".*No such file.*\n", ""));
    }

    @Test
    void theLoaderFindsWhatOnlyItsCacheKnows() throws Exception {
        Path host = layer("ls"); // complete, so that it can be another layer's host
        ElfFile program = ElfFile.read(host.resolve("usr/bin/ls")).orElseThrow();
        String library = program.needed().stream()
                .filter(name -> !name.equals("libc.so.6"))
                .findFirst()
                .orElse("");
        assumeTrue(!library.isEmpty(), "ls of this host needs nothing but the C library");
        Path usual = Path.of(LoaderCache.read(Files.readAllBytes(host.resolve("etc/ld.so.cache")))
                .paths(library)
                .get(0));
        Path odd = Files.createDirectories(host.resolve("opt/odd")).resolve(library);
        Files.copy(host.resolve(usual.toString().substring(1)), odd);
        Files.delete(host.resolve(usual.toString().substring(1)));
        Files.write(
                host.resolve("etc/ld.so.cache"),
                LoaderCache.write(List.of(new LoaderCache.Library(library, "/opt/odd/" + library, program.machine()))));

        Path layer =
                new LayerStore(temporary.resolve("again"), host).materialize(new Layer.HostPrograms(List.of("ls")));

        assertTrue(run(layer, "ls", "/opt/odd").contains(library));
    }

    @Test
    void everyProgramOfTheHostIsUnderstood() throws IOException {
        LayerStore store = new LayerStore(temporary, Path.of("/"));
        int understood = 0;
        try (var programs = Files.newDirectoryStream(Path.of("/usr/bin"), "[a-d]*")) {
            for (Path program : programs) {
                if (Files.isRegularFile(program) && ElfFile.read(program).isPresent()) {
                    store.pathOf(new Layer.HostPrograms(List.of(program.toString())));
                    understood++;
                }
            }
        }
        assertTrue(understood > 0);
    }

    private Path layer(String... programs) {
        return new LayerStore(temporary, Path.of("/")).materialize(new Layer.HostPrograms(List.of(programs)));
    }

    private static String run(Path root, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("chroot", root.toString());
        builder.command().addAll(List.of(command));
        builder.environment().clear(); // the host's locale is not in the layer
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
