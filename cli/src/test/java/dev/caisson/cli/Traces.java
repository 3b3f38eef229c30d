package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What containers could leave on a machine: mounts, cgroups, processes, descriptors of this process, and files of the engine's.
 *
 * <p>Only what stays counts: processes take a moment to end, and others may run containers on this machine at the same time.
 */
final class Traces {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final List<Path> directories;
    private final Set<String> before;

    private Traces(List<Path> directories) {
        this.directories = directories;
        before = now();
    }

    /** What is there now, in some directories too. */
    static Traces before(List<Path> directories) {
        return new Traces(directories);
    }

    /** Fails if something has been there since then that was not there before. */
    void assertNothingNew() {
        Set<String> left = now();
        left.removeAll(before);
        Waiting.within(PATIENCE, () -> {
            if (!left.isEmpty()) {
                left.retainAll(now());
            }
            return left.isEmpty();
        });
        assertEquals("", String.join("\n", left), "left behind");
    }

    private Set<String> now() {
        Set<String> traces = new TreeSet<>();
        try {
            Files.readAllLines(Path.of("/proc/self/mountinfo")).forEach(mount -> traces.add("mount " + mount));
            cgroups(Path.of("/sys/fs/cgroup"), traces);
            for (Path process : children(Path.of("/proc"))) {
                if (process.getFileName().toString().matches("\\d+") && ofAContainer(process)) {
                    traces.add("process " + process.getFileName());
                }
            }
            for (Path descriptor : children(Path.of("/proc/self/fd"))) {
                String target = link(descriptor);
                // Jars and sockets of the test's runner come and go; what a launcher waits with is one for each.
                if (target.matches("(pipe|socket):.*|.*(memfd|pidfd|pts|pty|ptmx|caisson-it-).*")
                        && !target.endsWith(".jar")) {
                    traces.add("descriptor " + descriptor.getFileName() + " of " + target);
                }
            }
            for (Path directory : directories) {
                children(directory).forEach(file -> traces.add("file " + file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return traces;
    }

    private static void cgroups(Path directory, Set<String> traces) throws IOException {
        for (Path child : children(directory)) {
            if (Files.isDirectory(child) && !Files.isSymbolicLink(child)) {
                if (child.getFileName().toString().startsWith("caisson-")) {
                    traces.add("cgroup " + child);
                }
                cgroups(child, traces);
            }
        }
    }

    /** A monitor that this process or one of its commands has started, or a process in a container's group. */
    private boolean ofAContainer(Path process) {
        try {
            if (Files.readString(process.resolve("cgroup")).contains("/caisson-")) {
                return true;
            }
            return Files.readString(process.resolve("cmdline")).equals("caisson\0")
                    && children(process.resolve("fd")).stream()
                            .map(Traces::link)
                            .anyMatch(target -> directories.stream().anyMatch(ours -> target.startsWith(ours + "/")));
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (NoSuchFileException | UncheckedIOException e) {
            return List.of(); // a cgroup that was removed meanwhile
        }
    }
}
