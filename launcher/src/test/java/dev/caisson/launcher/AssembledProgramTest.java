package dev.caisson.launcher;

import static dev.caisson.launcher.ProgramBuilder.mkdir;
import static dev.caisson.launcher.ProgramBuilder.opening;
import static dev.caisson.launcher.ProgramBuilder.rmdir;
import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.formatted;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.launcher.Outcome.StepFailure;
import dev.caisson.launcher.assembly.Assembler;
import dev.caisson.launcher.assembly.Emulation;
import dev.caisson.launcher.assembly.Image;
import dev.caisson.program.Architecture;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs assembled programs as plain executables, for both architectures, with files in place of the two sockets. They start no child:
 * qemu-user has no clone3.
 */
class AssembledProgramTest {

    private final ProgramBuilder builder = new ProgramBuilder();

    @TempDir
    Path directory;

    /** What a program told, in its two places. */
    private record Told(Outcome outcome, Optional<StepFailure> report) {

        static final Optional<StepFailure> NOTHING = Optional.empty();

        void assertFailedAt(int step, Errno errno) {
            assertEquals(Optional.of(new StepFailure(step, errno.number())), outcome.failure());
            assertEquals(outcome.failure(), report);
        }

        void assertSucceeded() {
            assertEquals(NOTHING, outcome.failure());
            assertEquals(NOTHING, outcome.teardownFailure());
            assertEquals(NOTHING, report);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void filesAreWrittenReadBackAndCollected(Architecture architecture) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "before\n");
        builder.setup(
                Step.expect(file.toString(), "before"),
                Step.write(file.toString(), "exactly 16 bytes"),
                Step.expect(file.toString(), "exactly 16 byte").tolerating(Errno.EBADMSG));
        builder.teardown(
                Step.of("collect", new Op.CollectFile("file", file.toString())),
                Step.of("collect", new Op.CollectFile("missing", file + "-missing")));
        Told told = run(architecture);
        told.assertSucceeded();
        assertEquals(Map.of("file", "exactly 16 bytes"), told.outcome().collected());
        assertEquals("exactly 16 bytes", Files.readString(file));
        assertEquals(-1, told.outcome().status());
        assertEquals(Duration.ZERO, told.outcome().wall());
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void aFileMustSayExactlyWhatIsExpected(Architecture architecture) throws Exception {
        List<String> contents = List.of("1234567", "12345678", "1234567x", "", "12345678\n9", "1234567890123456");
        for (String content : contents) {
            Path file = Files.writeString(directory.resolve("file"), content + "\n");
            for (String expected : contents) {
                ProgramBuilder program = new ProgramBuilder().setup(Step.expect(file.toString(), expected));
                Told told = run(program, architecture);
                assertEquals(content.equals(expected), told.report().isEmpty(), content + " / " + expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void whatIsReadBackMayChangeBetweenAttempts(Architecture architecture) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "abcdefgh1\nX");
        builder.setup(
                mkdir(directory.resolve("started")),
                Step.expect(file.toString(), "abcdefgh1").retrying(Errno.EBADMSG, 10_000, Duration.ofMillis(1)));
        Thread change = new Thread(() -> {
            try {
                while (!Files.exists(directory.resolve("started"))) {
                    Thread.sleep(5);
                }
                Thread.sleep(20);
                Path shorter = Files.writeString(directory.resolve("shorter"), "abcdefgh1\n");
                Files.move(shorter, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        change.start();
        run(architecture).assertSucceeded();
        change.join();
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void aWriteThatEndsEarlyIsAFailure(Architecture architecture) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        builder.setup(limitFileSize(4), Step.write(file.toString(), "12345678"));
        builder.teardown(limitFileSize(-1));
        assertEquals(
                Optional.of(new StepFailure(2, Errno.ENOSPC.number())),
                run(architecture).outcome().failure());
        assertEquals("1234", Files.readString(file));
    }

    private static Step limitFileSize(long size) {
        return Step.of(
                "limit the size of files",
                Op.call("prlimit64", number(0), flags("RLIMIT_FSIZE"), block(number(size), number(-1)), NULL));
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void failurePoliciesDecide(Architecture architecture) throws Exception {
        Path one = directory.resolve("one");
        Path two = directory.resolve("two");
        builder.setup(
                mkdir(one),
                mkdir(one).tolerating(Errno.EPERM, Errno.EEXIST),
                mkdir(one).orElse(mkdir(one).orElse(mkdir(two))),
                mkdir(one).retrying(Errno.EPERM, 9, Duration.ofMillis(1), Errno.EEXIST),
                mkdir(one).retrying(Errno.EEXIST, 3, Duration.ofMillis(1)));
        builder.teardown(rmdir(one), rmdir(one), rmdir(two));
        Told told = run(architecture);
        told.assertFailedAt(5, Errno.EEXIST);
        assertEquals(
                Optional.of(new StepFailure(7, Errno.ENOENT.number())),
                told.outcome().teardownFailure());
        assertFalse(Files.exists(one));
        assertFalse(Files.exists(two));
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void resultsGoIntoPathsBlocksAndRegisters(Architecture architecture) throws Exception {
        builder.setup(
                opening("dir", directory),
                Step.of("open a missing file", Op.call("openat", CWD, text("/missing"), flags("O_RDONLY"), number(0)))
                        .naming("missing")
                        .tolerating(Errno.ENOENT),
                Step.of("mkdir", Op.call("mkdirat", result("dir"), text("a"), mode(0755))),
                Step.of("mkdir", Op.call("mkdirat", CWD, formatted("/proc/self/fd/", "dir", "/b"), mode(0755))),
                Step.of("mkdir", Op.call("mkdirat", result("dir"), formatted("", "missing", ""), mode(0755))),
                Step.of(
                        "write",
                        new Op.WriteFile(formatted("/proc/self/fd/", "dir", "/" + "x".repeat(200)), "content")),
                Step.of("poll", Op.call("ppoll", block(result("dir")), number(1), block(number(0), number(0)), NULL)));
        Files.createFile(directory.resolve("x".repeat(200)));
        run(architecture).assertSucceeded();
        assertTrue(Files.isDirectory(directory.resolve("a")));
        assertTrue(Files.isDirectory(directory.resolve("b")));
        assertTrue(Files.isDirectory(directory.resolve(Long.toUnsignedString(-Errno.ENOENT.number()))));
        assertEquals("content", Files.readString(directory.resolve("x".repeat(200))));
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void everythingListedIsKilled(Architecture architecture) throws Exception {
        List<Process> victims = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            victims.add(new ProcessBuilder("sleep", "1000").start());
        }
        StringBuilder list = new StringBuilder("0\n"); // of another pid namespace
        victims.forEach(victim -> list.append(victim.pid()).append('\n'));
        list.append("4194305\n".repeat(1500)); // more than one buffer; no such process
        Path file = Files.writeString(directory.resolve("cgroup.procs"), list);
        Path empty = Files.createFile(directory.resolve("empty"));
        builder.teardown(
                Step.of("kill", new Op.KillListed(file.toString())).tolerating(Errno.EAGAIN),
                Step.of("kill", new Op.KillListed(empty.toString())),
                Step.of("kill", new Op.KillListed(file + "-missing")));
        Told told = run(architecture);
        for (Process victim : victims) {
            assertEquals(128 + 9, victim.waitFor());
        }
        assertEquals(
                Optional.of(new StepFailure(3, Errno.ENOENT.number())),
                told.outcome().teardownFailure());
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void anOpenGateIsPassed(Architecture architecture) throws Exception {
        builder.setup(
                Step.of("open the gate", new Op.OpenGate()),
                Step.of("pass", new Op.AwaitGate()),
                mkdir(directory.resolve("passed")));
        run(architecture).assertSucceeded();
        assertTrue(Files.exists(directory.resolve("passed")));
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void aCommandGetsItsArgumentsAndEnvironment(Architecture architecture) throws Exception {
        Path script = Files.writeString(
                directory.resolve("script"),
                "#!/bin/sh\nfor a; do echo \"<$a>\"; done >" + directory + "/args\nenv | grep -c ^V >>" + directory
                        + "/args\necho \"$V7\" >>" + directory + "/args\n");
        script.toFile().setExecutable(true);
        Map<String, String> environment = new TreeMap<>(Map.of("PATH", "/usr/bin:/bin"));
        IntStream.range(0, 200).forEach(i -> environment.put("V" + i, "värde " + i));
        builder.setup(Step.of(
                "execute",
                new Op.Exec(
                        List.of("/missing", script.toString()),
                        List.of("ignored", "", "zwölf", "a\nb", "日本", "*"),
                        environment)));
        run(architecture, 0);
        assertEquals("<>\n<zwölf>\n<a\nb>\n<日本>\n<*>\n200\nvärde 7\n", Files.readString(directory.resolve("args")));
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void aProgramMayBeLarge(Architecture architecture) throws Exception {
        Path deep = directory;
        for (int i = 0; i < 9; i++) {
            deep = Files.createDirectory(deep.resolve("d".repeat(200)));
        }
        assertTrue(deep.toString().length() > 1800);
        builder.setup(opening("dir", directory));
        for (int i = 0; i < 600; i++) {
            Argument path = i % 2 == 0
                    ? text(deep.resolve("n" + i).toString())
                    : formatted(
                            "/proc/self/fd/",
                            "dir",
                            deep.toString().substring(directory.toString().length()) + "/n" + i);
            builder.setup(Step.of("make " + i, Op.call("mkdirat", CWD, path, mode(0755))));
        }
        run(architecture).assertSucceeded();
        try (Stream<Path> made = Files.list(deep)) {
            assertEquals(600, made.count());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void aTeardownStandsAlone(Architecture architecture) throws Exception {
        Path record = Files.createFile(directory.resolve("record"));
        builder.setup(opening("dir", directory), mkdir(directory.resolve("made")));
        builder.teardown(
                opening("dir", directory),
                Step.of("remove", Op.call("unlinkat", result("dir"), text("made"), flags("AT_REMOVEDIR"))),
                Step.of("drop the record", new Op.DropRecord(record.toString())));
        Files.createDirectory(directory.resolve("made"));
        ProgramBuilder teardown = new ProgramBuilder();
        builder.program().teardownOnly().lines().forEach(line -> teardown.teardown(line.step()));
        run(teardown, architecture).assertSucceeded();
        assertFalse(Files.exists(directory.resolve("made")));
        assertFalse(Files.exists(record));
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void anAlternativeMayCollect(Architecture architecture) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "7\n");
        builder.teardown(
                Step.of("fail", new Op.Fault(new Op.OpenGate(), Errno.EPERM))
                        .orElse(Step.of("collect", new Op.CollectFile("other", file.toString()))),
                Step.of("collect", new Op.CollectFile("file", file.toString())));
        assertEquals(
                Map.of("other", "7\n", "file", "7\n"),
                run(architecture).outcome().collected());
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void aZeroByteInACommandIsRefused(Architecture architecture) {
        builder.setup(Step.of("execute", new Op.Exec(List.of("/bin/sh"), List.of("sh", "a\0b"), Map.of())));
        assertThrows(IllegalArgumentException.class, () -> Assembler.assemble(builder.program(), architecture));
    }

    private Told run(Architecture architecture) throws IOException, InterruptedException {
        return run(builder, architecture);
    }

    private Told run(ProgramBuilder program, Architecture architecture) throws IOException, InterruptedException {
        Image image = Assembler.assemble(program.program(), architecture);
        execute(image, architecture, 0);
        byte[] status = Files.readAllBytes(directory.resolve("status"));
        ByteBuffer report = ByteBuffer.wrap(status).order(ByteOrder.LITTLE_ENDIAN);
        return new Told(
                OutcomeReader.read(image.layout(), ByteBuffer.wrap(Files.readAllBytes(directory.resolve("outcome")))),
                status.length < 16
                        ? Told.NOTHING
                        : Optional.of(new StepFailure((int) report.getLong(0), (int) report.getLong(8))));
    }

    private void run(Architecture architecture, int exitCode) throws IOException, InterruptedException {
        execute(Assembler.assemble(builder.program(), architecture), architecture, exitCode);
    }

    private void execute(Image image, Architecture architecture, int exitCode)
            throws IOException, InterruptedException {
        Path executable = Files.write(directory.resolve("program"), image.elf());
        executable.toFile().setExecutable(true);
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "exec \"$@\" 3>" + directory + "/outcome 4>" + directory + "/status", "sh"));
        command.addAll(Emulation.command(architecture, executable));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertEquals("", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(exitCode, process.waitFor());
    }
}
