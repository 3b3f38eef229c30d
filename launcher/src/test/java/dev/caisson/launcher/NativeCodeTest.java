package dev.caisson.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import dev.caisson.api.HostException;
import dev.caisson.program.Architecture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where JNA's native library comes from, seen in JVMs of their own. */
class NativeCodeTest {

    @TempDir
    Path directory;

    /** Makes a system call, and says where the library came from. */
    static final class Main {

        public static void main(String[] arguments) {
            try {
                System.out.println(new Launcher().host().privileged());
            } catch (HostException e) {
                System.out.println(e);
            }
            System.out.println(System.getProperty("jnidispatch.path"));
            System.out.println(System.getProperty("jna.boot.library.path"));
            System.out.println(System.getProperty("jna.nounpack"));
        }
    }

    @Test
    void isFoundBesideTheJarAndNothingIsWritten() throws Exception {
        Path library = distribution();
        List<String> lines = run("-Djava.io.tmpdir=/missing");
        assertEquals(List.of(library.toString(), "null", "null"), lines.subList(1, 4));
        try (Stream<Path> files = Files.list(directory.resolve("home"))) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void comesFromWhereTheUserSays() throws Exception {
        Path library = distribution();
        Path other = Files.createDirectory(directory.resolve("other"));
        Path moved = Files.move(library, other.resolve("libjnidispatch.so"));
        assertEquals(moved.toString(), run("-Djna.boot.library.path=" + other).get(1));
    }

    @Test
    void elseJnaCopiesItToTheCache() throws Exception {
        Files.delete(distribution());
        Path cache = directory.resolve("home/.cache/JNA/temp");
        String copy = run().get(1);
        assertTrue(copy.startsWith(cache + "/jna"), copy);
        assertFalse(Files.exists(Path.of(copy)), "it is gone once loaded");
    }

    @Test
    void whenItCannotBeLoadedTheErrorSaysWhatHelps() throws Exception {
        Files.delete(distribution());
        Path file = Files.createFile(directory.resolve("file"));
        String error = run("-Djna.tmpdir=" + file + "/none").get(0);
        assertTrue(error.startsWith(HostException.class.getName() + ": launcher: load JNA's native library: "), error);
        assertTrue(error.contains("-Djna.boot.library.path"), error);
    }

    /** Lays out lib/launcher.jar and native/linux-ARCH/libjnidispatch.so; returns the latter. */
    private Path distribution() throws IOException {
        Path lib = Files.createDirectories(directory.resolve("dist/lib"));
        Path classes = Path.of(Launcher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(lib.resolve("launcher.jar")));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
            }
        }
        Files.createDirectories(directory.resolve("home"));
        Path natives = Files.createDirectories(directory.resolve("dist/native/linux-" + Architecture.current()));
        String resource = "/com/sun/jna/linux-" + Architecture.current() + "/libjnidispatch.so";
        try (InputStream content = Objects.requireNonNull(Native.class.getResourceAsStream(resource))) {
            Path library = natives.resolve("libjnidispatch.so");
            Files.copy(content, library);
            return library;
        }
    }

    private List<String> run(String... options) throws IOException, InterruptedException {
        String classPath = directory.resolve("dist/lib/launcher.jar") + ":" + System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(options));
        command.addAll(List.of("-Duser.home=" + directory.resolve("home"), "-cp", classPath, Main.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove("XDG_CACHE_HOME");
        Process jvm = builder.start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jvm.waitFor();
        return output.lines().toList();
    }
}
