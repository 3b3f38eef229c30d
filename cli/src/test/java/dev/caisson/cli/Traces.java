package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What containers could leave on a machine: mounts, cgroups, processes, descriptors of this process, and files of the engine's.
 *
 * <p>Only what stays counts: processes take a moment to end, and others may run containers on this machine at the same time.
 */
final class Traces {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** The record of a run as a descriptor of its monitor, under the name that it had before it got one. */
    private static final Pattern RECORD = Pattern.compile("(/.*/run)/#\\d+ \\(deleted\\)");

    private static final Pattern GROUP = Pattern.compile("/(caisson-[^/\n]+)");

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
            containers(traces);
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

    /** Monitors, and cgroups with the processes in them; not those of containers whose record is in somebody else's directory. */
    private void containers(Set<String> traces) throws IOException {
        Map<Path, String> groups = new TreeMap<>();
        Set<String> otherMonitors = new TreeSet<>();
        for (Path process : children(Path.of("/proc"))) {
            String pid = process.getFileName().toString();
            if (!pid.matches("\\d+")) {
                continue;
            }
            Matcher group = GROUP.matcher(TestBed.read(process.resolve("cgroup")));
            if (group.find()) {
                groups.put(process, group.group(1));
            } else if (TestBed.read(process.resolve("cmdline")).equals("caisson\0")) {
                for (Path descriptor : children(process.resolve("fd"))) {
                    Matcher record = RECORD.matcher(link(descriptor));
                    if (record.matches() && directories.contains(Path.of(record.group(1)))) {
                        traces.add("monitor " + process);
                    } else if (record.matches()) {
                        otherMonitors.add(pid);
                    }
                }
            }
        }
        Set<String> others = new TreeSet<>();
        groups.forEach((process, group) -> {
            // The fourth field of proc_pid_stat(5), the second of what follows the name.
            String[] fields = TestBed.read(process.resolve("stat"))
                    .replaceAll(".*\\) ", "")
                    .split(" ", 3);
            if (fields.length == 3 && otherMonitors.contains(fields[1])) {
                others.add(group);
            }
        });
        cgroups(Path.of("/sys/fs/cgroup"), others, traces);
        groups.forEach((process, group) -> {
            if (!others.contains(group)) {
                traces.add("process " + process + " of " + group);
            }
        });
    }

    private static void cgroups(Path directory, Set<String> others, Set<String> traces) throws IOException {
        for (Path child : children(directory)) {
            if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                String name = String.valueOf(child.getFileName());
                if (name.startsWith("caisson-") && !others.contains(name)) {
                    traces.add("cgroup " + child);
                }
                cgroups(child, others, traces);
            }
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
