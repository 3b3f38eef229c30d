package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Backends in jars of their own, compiled against isolation-api alone and dropped on the class path. */
class ExtensionIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    private static final String DOMAIN = """
            package org.example;

            import dev.caisson.api.*;
            import dev.caisson.program.*;
            import java.util.*;

            public final class DomainIsolator implements Isolator {
                public record Options(String name) {}

                public String name() {
                    return "domain";
                }

                public String description() {
                    return "gives the container a NIS domain name";
                }

                public ProbeReport probe(Host host, Settings settings) {
                    return new ProbeReport(Set.of(), Set.of(Feature.UTS_NAMESPACE), List.of());
                }

                public Contribution contribute(LaunchRequest request) {
                    String name = request.settings().as(Options.class).name();
                    return Contribution.builder()
                            .child(Phase.KERNEL_STATE, Step.of("set the domain name to " + name,
                                    Op.call("setdomainname", Argument.text(name), Argument.number(name.length()))))
                            .build();
                }
            }
            """;

    private static final String PROFILE = """
            name: domain
            isolators: [namespaces, seccomp, {domain: {name: caisson.example}}]
            rootfs: {layers: [{host: [sh, cat]}]}
            process: {command: [cat, /proc/sys/kernel/domainname]}
            """;

    @Test
    void isListedAndExplainedAndRuns() throws IOException {
        Path jar = jar("domain", "org.example.DomainIsolator", DOMAIN);
        String profile = BED.profile("domain", PROFILE);

        Run backends = with(List.of(jar), "backends");
        assertEquals(0, backends.exit(), backends.toString());
        assertTrue(
                backends.out()
                        .contains("domain       isolator    supported      gives the container a NIS domain name\n"),
                backends.out());
        Run explained = with(List.of(jar), "explain", profile);
        assertTrue(
                explained.out().matches("(?s).* domain +set the domain name to caisson.example\n.*"), explained.out());
        assertEquals(new Run(0, "caisson.example\n", ""), with(List.of(jar), "run", profile));
        Run missing = with(
                List.of(jar),
                "check",
                BED.profile("alone", PROFILE.replace("namespaces,", "{namespaces: {uts: false}},")));
        assertEquals(125, missing.exit(), missing.toString());
        assertTrue(missing.err().contains("alone.yaml:2:51: domain needs a UTS namespace"), missing.err());
    }

    /** What cannot be loaded or used is said, and the others work. */
    @Test
    void aBrokenOneDoesNotBreakTheOthers() throws IOException {
        List<Path> jars = List.of(
                jar("domain", "org.example.DomainIsolator", DOMAIN),
                jar(
                        "throws",
                        "org.example.Throws",
                        DOMAIN.replace("DomainIsolator", "Throws")
                                .replace(
                                        "public String name()",
                                        "public Throws() { throw new IllegalStateException(\"no licence\"); } public String name()")),
                jar(
                        "nameless",
                        "org.example.Nameless",
                        DOMAIN.replace("DomainIsolator", "Nameless")
                                .replace("return \"domain\"", "throw new IllegalStateException(\"no name\")")),
                jar("missing", "org.example.Missing", ""),
                jar("foreign", "org.example.Foreign", "package org.example; public class Foreign {}"),
                jar(
                        "probing",
                        "org.example.Probing",
                        DOMAIN.replace("DomainIsolator", "Probing")
                                .replace("\"domain\"", "\"probing\"")
                                .replace(
                                        "return new ProbeReport",
                                        "if (true) throw new NoSuchMethodError(\"newer\"); return new ProbeReport")));

        Run backends = with(jars, "backends");

        assertEquals(0, backends.exit(), backends.toString());
        assertEquals("", backends.err());
        for (String broken : List.of("Throws.*no licence", "Nameless.*no name", "Missing", "Foreign")) {
            assertTrue(
                    backends.out().matches("(?s).*\nbroken: [^\n]*" + broken + "[^\n]*\n.*"),
                    broken + ": " + backends.out());
        }
        assertTrue(
                backends.out().matches("(?s).*probing +isolator +not supported [^\n]*\n +[^\n]*newer[^\n]*\n.*"),
                backends.out());
        for (String name : List.of("domain ", "namespaces ", "seccomp ", "overlay ", "vfs ", "cgroupv1 ")) {
            assertTrue(
                    backends.out().contains("\n" + name) || backends.out().startsWith(name),
                    name + ": " + backends.out());
        }
        assertEquals(new Run(0, "caisson.example\n", ""), with(jars, "run", BED.profile("domain", PROFILE)));
    }

    private static Run with(List<Path> jars, String... arguments) {
        List<String> command = new ArrayList<>(TestBed.java());
        String classPath = TestBed.DIST.resolve("lib") + "/*";
        for (Path jar : jars) {
            classPath += ":" + jar;
        }
        // As bin/caisson does it: the permission for JNA is in the manifest, which only -jar reads.
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath, "dev.caisson.cli.Main"));
        command.addAll(BED.withDirectories(arguments));
        return TestBed.start(command).end();
    }

    /** Compiles a class, unless there is none, and makes a jar of it that announces it. */
    private static Path jar(String name, String provider, String source) throws IOException {
        Path folder = Files.createDirectories(BED.work().resolve(name));
        if (!source.isEmpty()) {
            Path file = folder.resolve(provider.substring(provider.lastIndexOf('.') + 1) + ".java");
            compile(Files.writeString(file, source), folder);
        }
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.caisson.api.Isolator"), provider + "\n");
        Path jar = BED.work().resolve(name + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file);
                Stream<Path> files = Files.walk(folder)) {
            for (Path entry : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(folder.relativize(entry).toString()));
                Files.copy(entry, entries);
            }
        }
        return jar;
    }

    private static void compile(Path source, Path output) {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "tests need a JDK");
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                Stream<Path> jars = Files.list(TestBed.DIST.resolve("lib"))) {
            Path api = jars.filter(jar -> String.valueOf(jar.getFileName()).startsWith("isolation-api"))
                    .findFirst()
                    .orElseThrow();
            List<String> options = List.of("-d", output.toString(), "-cp", api.toString(), "--release", "17");
            boolean compiled = compiler.getTask(problems, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertTrue(compiled, problems.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
