package dev.caisson.seccomp;

import dev.caisson.program.Architecture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is known of the system calls of all architectures together: their names, and how wide their arguments are. */
final class SystemCalls {

    private static final Map<String, List<Integer>> WIDTHS = readWidths();

    private SystemCalls() {}

    /** Whether some architecture has a call of this name. */
    static boolean exist(String name) {
        for (Architecture architecture : Architecture.values()) {
            if (architecture.numbers().containsKey(name)) {
                return true;
            }
        }
        return false;
    }

    /** The call that somebody may have meant with a name that does not exist. */
    static Optional<String> nearest(String name) {
        return Arrays.stream(Architecture.values())
                .flatMap(architecture -> architecture.numbers().keySet().stream())
                .filter(candidate -> distance(name, candidate) <= Math.max(1, name.length() / 3))
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The bits that the kernel takes of an argument: all of a long or a pointer, fewer of an int. */
    static long mask(String name, int argument) {
        List<Integer> widths = WIDTHS.getOrDefault(name, List.of());
        return argument < widths.size() ? -1L >>> (64 - widths.get(argument)) : -1;
    }

    /**
     * How many characters have to be inserted, deleted, replaced or swapped with their neighbour to get from one name
     * to the other.
     */
    private static int distance(String from, String to) {
        int[][] distance = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                distance[i][j] = Math.min(
                        distance[i - 1][j - 1] + replaced, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
                }
            }
        }
        return distance[from.length()][to.length()];
    }

    private static Map<String, List<Integer>> readWidths() {
        try (InputStream in = Objects.requireNonNull(SystemCalls.class.getResourceAsStream("argument-widths.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split("\t", -1)))
                    .collect(Collectors.toUnmodifiableMap(
                            cells -> cells.get(0),
                            cells ->
                                    cells.stream().skip(1).map(Integer::valueOf).toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
