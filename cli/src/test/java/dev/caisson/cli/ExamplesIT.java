package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the examples print, as the README shows it. */
class ExamplesIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    @Test
    void limits() {
        assertEquals(
                new Run(
                        137,
                        "",
                        "caisson: limits: the kernel killed 1 of its processes at the memory limit of 32MiB\n"),
                BED.caisson("run", TestBed.example("limits")));
    }

    @Test
    void userNamespace() {
        Run run = BED.caisson("run", TestBed.example("user-namespace"));
        assertEquals("", run.err());
        assertTrue(run.out().startsWith("uid=0(root) gid=0(root)"), run.out());
        assertTrue(run.out().contains(" 0     100000      65536\n"), run.out());
        assertTrue(run.out().matches("(?s).*drwxr-xr-x \\d+ 0 0 .* /\n"), run.out());
    }

    @Test
    void readonly() {
        assertEquals(0, BED.caisson("run", TestBed.example("readonly")).exit());
        Run run = BED.caisson("run", TestBed.example("readonly"), "--", "sh", "-c", "echo in vain >/file");
        assertTrue(run.exit() != 0 && run.err().contains("Read-only file system"), run::toString);
    }

    /** Without a terminal outside, there still is one inside; the end of input is a ^D. */
    @Test
    void terminal() {
        Run run = BED.caisson("run", TestBed.example("terminal"), "--", "tty");
        assertEquals(new Run(0, "/dev/pts/0\r\n", ""), run);
    }

    @Test
    void reference() {
        assertEquals(new Run(0, "hello\n", ""), BED.caisson("run", TestBed.example("reference")));
    }

    @Test
    void aContainerFromJava() {
        List<String> command = new ArrayList<>(TestBed.java());
        command.addAll(List.of("-cp", TestBed.DIST.resolve("lib") + "/*", Examples.JAVA.toString()));
        Run run = TestBed.start(command).end();
        assertTrue(run.out().startsWith("hello from container\nVerdict[exitCode=0, "), run::toString);
    }

    @Test
    void aBackendOfSomebodyElses() throws IOException {
        Path folder = Files.createDirectory(BED.work().resolve("nice"));
        Examples.compile(Examples.BACKEND.resolve("NiceIsolator.java"), folder);
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.copy(
                Examples.BACKEND.resolve("META-INF/services/dev.caisson.api.Isolator"),
                services.resolve("dev.caisson.api.Isolator"));
        String profile = Examples.BACKEND.resolve("nice.yaml").toString();

        Run listed = with(folder, "backends");
        assertTrue(
                listed.out().contains("nice         isolator    supported      lets the programs"), listed::toString);
        assertEquals(new Run(0, "my niceness is 19\n", ""), with(folder, "run", profile));
        Run refused = with(folder, "run", profile, "--set", "isolators=[namespaces, {nice: {level: 99}}]");
        assertEquals(
                new Run(
                        125,
                        "",
                        "caisson: --set isolators=[namespaces, {nice: {level: 99}}]: isolators[1].nice:"
                                + " level: 99 is not between 0 and 19; write 10, or leave it out\n"),
                refused);
        Run unknown = BED.caisson("run", profile);
        assertTrue(unknown.err().contains("nice.yaml:11:5: unknown isolator \"nice\""), unknown::toString);
    }

    private static Run with(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(TestBed.java());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                TestBed.DIST.resolve("lib/caisson.jar") + ":" + folder,
                "dev.caisson.cli.Main"));
        command.addAll(BED.withDirectories(arguments));
        return TestBed.start(command).end();
    }
}
