package dev.caisson.cli;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The folder of examples. */
final class Examples {

    static final Path FOLDER = Path.of(System.getProperty("caisson.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("examples");

    static final Path JAVA = FOLDER.resolve("java/Hello.java");
    static final Path BACKEND = FOLDER.resolve("backend");

    private Examples() {}

    /** The profiles that work with Caisson alone. */
    static List<Path> profiles() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles a source file of the examples with the class path of this test. */
    static void compile(Path source, Path output) {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "tests need a JDK");
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", output.toString(), "-cp", System.getProperty("java.class.path"));
            if (!compiler.getTask(problems, files, null, options, null, files.getJavaFileObjects(source.toFile()))
                    .call()) {
                throw new AssertionError(source + ": " + problems);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
