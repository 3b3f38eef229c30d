package dev.caisson.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a test may leave behind in this process: descriptors, and children.
 *
 * @param descriptors what the open descriptors lead to, but for files, which the JVM opens when it pleases
 * @param children the processes that this one has, zombies included
 */
record Leftovers(List<String> descriptors, List<String> children) {

    private static final Path PROC = Path.of("/proc");

    static Leftovers now() {
        // In this order: the class library keeps a socket from the first file that it reads.
        List<String> children = childrenOf(ProcessHandle.current().pid());
        return new Leftovers(openDescriptors(), children);
    }

    /** Fails if there is anything that was not there; waits a little for what ends in the background. */
    void assertNothingMore() throws InterruptedException {
        List<String> more = more();
        for (int i = 0; i < 200 && !more.isEmpty(); i++) {
            Thread.sleep(10);
            more = more();
        }
        assertEquals(List.of(), more);
    }

    private List<String> more() {
        Leftovers now = now();
        List<String> more = new ArrayList<>(now.descriptors);
        descriptors.forEach(more::remove); // one of each
        more.addAll(now.children);
        more.removeAll(children);
        return more;
    }

    /** The children of a process, as "pid name state". */
    static List<String> childrenOf(long parent) {
        return list(PROC, name -> name.chars().allMatch(Character::isDigit)).stream()
                .map(pid -> read(PROC.resolve(pid).resolve("stat")))
                .filter(stat -> !stat.isEmpty() && fields(stat)[1].equals(Long.toString(parent)))
                .map(stat -> stat.substring(0, stat.lastIndexOf(')') + 1) + " " + fields(stat)[0])
                .toList();
    }

    /** What stands behind the name in /proc/PID/stat: state, parent, ... */
    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    private static List<String> openDescriptors() {
        List<String> targets = new ArrayList<>();
        for (String number : list(Path.of("/proc/self/fd"), name -> true)) {
            String target = target(Path.of("/proc/self/fd", number));
            boolean file = target.startsWith("/")
                    && !List.of("/dev/null", "/dev/ptmx", "/memfd:caisson (deleted)")
                            .contains(target);
            if (!file) {
                targets.add(target.replaceAll("\\[\\d+]", ""));
            }
        }
        Collections.sort(targets);
        return targets;
    }

    private static List<String> list(Path directory, Predicate<String> filter) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(filter)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "/"; // the descriptor with which the directory was read
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
