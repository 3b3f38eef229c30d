package dev.caisson.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.engine.Caisson;
import dev.caisson.engine.Container;
import dev.caisson.engine.State;
import dev.caisson.engine.Verdict;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test class's own state and storage, the command with them, and the check that nothing is left when its tests are done.
 *
 * <p>Without root the class is skipped.
 */
final class TestBed implements BeforeAllCallback, AfterAllCallback {

    /** The clone. */
    static final Path ROOT =
            Path.of(System.getProperty("caisson.root", "..")).toAbsolutePath().normalize();

    /** What {@code bin/caisson} runs. */
    static final Path DIST = ROOT.resolve("cli/target/dist");

    /** The programs in the root file system of {@link #shell}; one list, so that one layer serves all tests of a class. */
    private static final String[] PROGRAMS = {
        "sh",
        "bash",
        "cat",
        "dd",
        "env",
        "head",
        "hostname",
        "id",
        "ls",
        "mkdir",
        "mount",
        "ps",
        "readlink",
        "rm",
        "sleep",
        "stat",
        "stty",
        "tail",
        "touch",
        "true",
        "tty",
        "uname"
    };

    private final Path state;
    private final Path disk;
    private final Path storage;
    private final Path work;
    private final List<Path> directories;
    private Traces before = Traces.before(List.of());

    TestBed() {
        String name =
                "caisson-it-" + Long.toString(ProcessHandle.current().pid(), 36) + Long.toString(System.nanoTime(), 36);
        Path memory = Path.of("/dev/shm");
        state = (Files.isDirectory(memory) ? memory : Path.of("/run")).resolve(name);
        disk = Path.of(System.getProperty("java.io.tmpdir")).resolve(name);
        storage = disk.resolve("storage");
        work = disk.resolve("work");
        directories = List.of(
                state.resolve("run"), state.resolve("mnt"), storage.resolve("containers"), storage.resolve("trash"));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        assumeTrue(isRoot(), "containers need root");
        Files.createDirectories(work);
        before = Traces.before(directories);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (isRoot()) {
            try {
                before.assertNothingNew();
            } finally {
                delete(state);
                delete(disk);
            }
        }
    }

    /** Fails if something is left now. */
    void assertNothingLeft() {
        before.assertNothingNew();
    }

    Path state() {
        return state;
    }

    Path storage() {
        return storage;
    }

    /** A directory for what a test makes. */
    Path work() {
        return work;
    }

    /** A profile of the examples. */
    static String example(String name) {
        return ROOT.resolve("examples").resolve(name + ".yaml").toString();
    }

    /** A text as a profile's file. */
    String profile(String name, String text) {
        try {
            return Files.writeString(work.resolve(name + ".yaml"), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // The command, as a process:

    /** Runs the command to its end. */
    Run caisson(String... arguments) {
        Running running = start(arguments);
        close(running);
        return running.end();
    }

    /** Starts the command. */
    Running start(String... arguments) {
        return start(command(arguments));
    }

    static Running start(List<String> command) {
        try {
            return new Running(new ProcessBuilder(command).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command line of what bin/caisson executes; the first argument is the subcommand. */
    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of("-jar", DIST.resolve("lib/caisson.jar").toString()));
        command.addAll(withDirectories(arguments));
        return command;
    }

    /** The JVM with the flags of bin/caisson. */
    static List<String> java() {
        return List.of(
                // An ignored SIGINT, which a shell gives to what it starts in the background, would stay ignored.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xlog:disable",
                "-Djna.nounpack=true",
                "-Djna.nosys=true",
                "-Djna.boot.library.path=" + DIST.resolve("native/linux-x86-64") + ":"
                        + DIST.resolve("native/linux-aarch64"));
    }

    /** Arguments with the bed's own directories after the subcommand. */
    List<String> withDirectories(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("--state", state.toString(), "--storage", storage.toString()));
        return all;
    }

    private static void close(Running running) {
        try {
            running.stdin().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // The same from Java:

    /** The engine in this process. */
    Caisson open() {
        return Caisson.open(new State(state, storage));
    }

    /** A container of the host's programs that runs a shell script as root. */
    static ProfileBuilder shell(String script) {
        return Profile.builder().name("box").hostPrograms(PROGRAMS).command("sh", "-c", script);
    }

    /** Runs a container to its end. */
    Run run(ProfileBuilder profile) {
        try (Container container = open().start(profile.build())) {
            container.stdin().close();
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(container, false));
            String out = text(container, true);
            Verdict verdict = container.waitFor();
            return new Run(verdict.exitCode(), out, err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a container with pipes. */
    Container start(ProfileBuilder profile) {
        return open().start(profile.build());
    }

    /** The process of a container that runs a program of this name, seen from the host. */
    static Path process(Container container, String program) {
        ProcessHandle monitor = ProcessHandle.of(container.monitorPid()).orElseThrow();
        List<Path> found = new ArrayList<>();
        Waiting.until("a process " + program, () -> {
            monitor.descendants()
                    .map(process -> Path.of("/proc", Long.toString(process.pid())))
                    .filter(process -> read(process.resolve("comm")).equals(program + "\n"))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** A file's text; none if it is gone. */
    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /** What a script prints in a container that has the usual isolation; it must succeed. */
    String output(ProfileBuilder profile) {
        Run run = run(profile);
        if (run.exit() != 0 || !run.err().isEmpty()) {
            throw new AssertionError("the command failed: " + run);
        }
        return run.out();
    }

    private static String text(Container container, boolean out) {
        try {
            return new String((out ? container.stdout() : container.stderr()).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRoot() {
        return "0".equals(System.getProperty("caisson.uid", uid()));
    }

    private static String uid() {
        try {
            return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
