package dev.caisson.engine.profile;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant. */
final class Nearest {

    private Nearest() {}

    /** "did you mean ...?" if something is near, else the list of what is valid. */
    static String hint(String written, Collection<String> valid) {
        return in(written, valid)
                .map(near -> "did you mean \"" + near + "\"?")
                .orElseGet(() -> "valid here: " + String.join(", ", valid));
    }

    /** The nearest word, if it is so near that a slip explains the difference. */
    static Optional<String> in(String written, Collection<String> valid) {
        String word = plain(written);
        int tolerance = Math.max(1, Math.min(3, word.length() / 3));
        return valid.stream()
                .filter(candidate -> Math.abs(word.length() - plain(candidate).length()) <= tolerance)
                .filter(candidate -> distance(word, plain(candidate)) <= tolerance)
                .min(Comparator.comparingInt(candidate -> distance(word, plain(candidate))));
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** How many insertions, deletions, replacements and swaps of neighbours apart two words are (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
