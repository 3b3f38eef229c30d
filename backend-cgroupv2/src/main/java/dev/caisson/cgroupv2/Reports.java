package dev.caisson.cgroupv2;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;

/** Reads numbers out of what the teardown collected; what is missing or no number is empty. */
final class Reports {

    private Reports() {}

    /** The number that a file consists of. */
    static OptionalLong number(Map<String, String> collected, String file) {
        return parse(collected.getOrDefault(file, "").strip());
    }

    /** The number after a word, in a file with a word and a number on each line. */
    static OptionalLong number(Map<String, String> collected, String file, String word) {
        return Arrays.stream(collected.getOrDefault(file, "").split("\n", -1))
                .map(line -> line.split(" ", -1))
                .filter(cells -> cells.length == 2 && cells[0].equals(word))
                .map(cells -> parse(cells[1]))
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    private static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
