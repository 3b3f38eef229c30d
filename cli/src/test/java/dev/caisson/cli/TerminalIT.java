package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tty: true} in a real terminal, which script(1) makes; what is written to script is typed at it. */
class TerminalIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    private static final String PROFILE = """
            name: terminal
            rootfs: {layers: [{host: [bash, cat, sleep, stty, tty]}]}
            process: {command: [bash], user: "1000:1000", tty: true}
            """;

    private final Path before = BED.work().resolve("before");
    private final Path after = BED.work().resolve("after");

    @BeforeEach
    void withScript() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "a terminal takes script of the package bsdutils");
        Files.deleteIfExists(before);
        Files.deleteIfExists(after);
    }

    @Test
    void allThreeStreamsAreATerminalOfTheSameSize() throws IOException {
        Running running = inTerminal("test -t 0 && test -t 1 && test -t 2 && tty; stty size; exit 7");

        assertEnds(running, "/dev/pts/0\r\n33 101\r\n", 7);
    }

    @Test
    void keysReachTheProgram() throws IOException {
        Running running = inTerminal("echo ready; while read -r line; do echo \"<$line>\"; done; echo end");
        running.awaitOutput("ready");
        type(running, "some words\r");
        running.awaitOutput("<some words>");
        type(running, "\004");

        assertEnds(running, "ready\r\nsome words\r\n<some words>\r\nend\r\n", 0);
    }

    @ParameterizedTest
    @CsvSource({"trap 'echo caught; exit 42' INT;, '^Ccaught\r\n', 42", "'', '^C', 130"})
    void controlCInterruptsTheProgramInside(String trap, String printed, int code) throws IOException {
        Running running = inTerminal(trap + " echo ready; while :; do sleep 0.05; done");
        running.awaitOutput("ready");
        type(running, "\003");

        assertEnds(running, "ready\r\n" + printed, code);
    }

    @Test
    void anotherWindowSizeReachesTheProgram() throws IOException, InterruptedException {
        Running running =
                inTerminal("trap 'stty size; exit' WINCH; stty size; echo ready; while :; do sleep 0.05; done");
        running.awaitOutput("ready");
        ProcessHandle jvm = running.below().stream()
                .filter(process -> TestBed.read(Path.of("/proc", "" + process.pid(), "comm"))
                        .equals("java\n"))
                .findFirst()
                .orElseThrow();
        Path terminal = Files.readSymbolicLink(Path.of("/proc", "" + jvm.pid(), "fd/0"));

        assertEquals(
                0,
                new ProcessBuilder("stty", "-F", terminal.toString(), "rows", "44", "cols", "120")
                        .inheritIO()
                        .start()
                        .waitFor());

        assertEnds(running, "33 101\r\nready\r\n44 120\r\n", 0);
    }

    /** The terminal is given back whatever ends the container. */
    @Test
    void aSignalToTheCommandLine() throws IOException {
        Running running = inTerminal("echo ready; exec sleep 1000");
        running.awaitOutput("ready");
        running.below().stream()
                .filter(process -> TestBed.read(Path.of("/proc", "" + process.pid(), "comm"))
                        .equals("java\n"))
                .forEach(process -> Running.signal("TERM", process.pid()));

        assertEnds(running, "ready\r\n", 143);
    }

    /** Runs a bash script in a container with a terminal, in a terminal of 33 rows and 101 columns. */
    private Running inTerminal(String script) throws IOException {
        List<String> command = BED.command("run", BED.profile("terminal", PROFILE), "--", "bash", "-c", script);
        String quoted = command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        Path outer = Files.writeString(
                BED.work().resolve("outer.sh"),
                "stty rows 33 cols 101; stty -a > " + before + "\n" + quoted + "\necho \"exit $?\"; stty -a > " + after
                        + "\n");
        return TestBed.start(List.of("script", "-qfec", "sh " + outer, "/dev/null"));
    }

    private static void type(Running running, String keys) throws IOException {
        running.stdin().write(keys.getBytes(StandardCharsets.UTF_8));
        running.stdin().flush();
    }

    private void assertEnds(Running running, String printed, int code) throws IOException {
        assertEquals(new Run(0, printed + "exit " + code + "\r\n", ""), running.end());
        String settings = Files.readString(after);
        assertTrue(settings.contains("; columns 1") && settings.contains(" icanon "), settings);
        assertEquals(
                Files.readString(before).replaceAll("rows \\d+; columns \\d+", ""),
                settings.replaceAll("rows \\d+; columns \\d+", ""));
    }
}
