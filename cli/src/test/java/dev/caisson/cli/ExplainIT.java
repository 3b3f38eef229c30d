package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.ProgramText;
import dev.caisson.program.ProgramTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code explain} prints, for root and for an ordinary user: every step with its backend, and nothing is done. */
class ExplainIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    private static final Pattern STEP = Pattern.compile("(?m)^ {1,4}(\\d+)  (\\S+) +(\\S.*)$");

    /** A copy of what bin/caisson runs that any user may read: the clone may lie where nobody else gets in. */
    private static final Path COPY = BED.work().resolve("dist");

    @BeforeAll
    static void copyForOthers() throws IOException {
        copy(TestBed.DIST.toRealPath(), COPY);
        copy(TestBed.ROOT.resolve("examples").toRealPath(), BED.work().resolve("examples"));
    }

    @ParameterizedTest
    @CsvSource({"hello, true", "hello, false", "chroot, true", "chroot, false"})
    void everyStepHasItsNumberAndItsBackend(String example, boolean root) {
        String text = explain(root, example);

        List<String> numbers = new ArrayList<>();
        Set<String> backends = STEP.matcher(text)
                .results()
                .map(step -> {
                    numbers.add(step.group(1));
                    return step.group(2);
                })
                .collect(Collectors.toSet());
        assertEquals(
                Stream.iterate(1, i -> i + 1)
                        .limit(numbers.size())
                        .map(String::valueOf)
                        .toList(),
                numbers);
        String controller = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")) ? "cgroupv2" : "cgroupv1";
        assertEquals(
                example.equals("hello")
                        ? Set.of("engine", "namespaces", "seccomp", "overlay", controller)
                        : Set.of("engine", "chroot", "vfs", controller),
                backends);
        for (String title : List.of(
                "monitor, before the child exists", "child, up to the command", "monitor, when the child has ended")) {
            assertTrue(text.contains(title + "\n"), title);
        }
    }

    @ParameterizedTest
    @CsvSource({"hello, true", "hello, false", "chroot, true", "chroot, false"})
    void jsonIsTheSameProgram(String example, boolean root) throws JsonProcessingException {
        Object tree = new ObjectMapper().readValue(explain(root, example, "--format", "json"), Object.class);

        LaunchProgram program = ProgramTree.read(tree);

        assertEquals(explain(root, example), ProgramText.of(program));
        program.lines().forEach(line -> assertFalse(line.backend().isBlank()));
        Matcher steps = STEP.matcher(ProgramText.of(program));
        assertEquals(program.size(), steps.results().count());
    }

    @Test
    void nothingIsMade() {
        explain(true, "hello");

        assertFalse(Files.exists(BED.state()));
        assertFalse(Files.exists(BED.storage()));
    }

    /** It says what the run would be, and a run says why it cannot be. */
    @Test
    void anOrdinaryUserIsToldThatARunNeedsRoot() {
        Run run = TestBed.start(ordinary(
                        "run",
                        BED.work().resolve("examples/hello.yaml").toString(),
                        "--state",
                        "/tmp/nobody/state",
                        "--storage",
                        "/tmp/nobody/storage"))
                .end();

        assertEquals(125, run.exit(), run.toString());
        assertEquals("", run.out());
        assertTrue(run.err().matches("caisson: \\w+: .*needs root.*; start it as root\n"), run.err());
    }

    private static String explain(boolean root, String example, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "explain", BED.work().resolve("examples/" + example + ".yaml").toString()));
        arguments.addAll(List.of(options));
        List<String> command = root
                ? BED.command(arguments.toArray(String[]::new))
                : ordinary(BED.withDirectories(arguments.toArray(String[]::new)).toArray(String[]::new));
        Run run = TestBed.start(command).end();
        assertEquals(new Run(0, run.out(), ""), run);
        return run.out();
    }

    /** As a user with no name, no groups and no environment. */
    private static List<String> ordinary(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "env", "-i"));
        TestBed.java().stream()
                .map(argument -> argument.replace(TestBed.DIST.toString(), COPY.toString()))
                .forEach(command::add);
        command.addAll(List.of("-jar", COPY.resolve("lib/caisson.jar").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (!file.toString().endsWith(".jsa")) {
                    Files.copy(file, copy);
                }
                if (Files.exists(copy)) {
                    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }
}
