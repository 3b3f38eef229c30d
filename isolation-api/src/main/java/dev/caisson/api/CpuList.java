package dev.caisson.api;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of processors or of memory nodes, in the list format of cpuset(7): {@code 0-3,6}.
 *
 * <p>The kernel prints such a list in one way only, ascending and with runs joined, and so does {@link #toString}: what was written to a
 * cpuset can be compared with what is read back.
 *
 * @param numbers the numbers, ascending
 */
public record CpuList(SortedSet<Integer> numbers) {

    /** The highest number that a Linux kernel can be built for, with one to spare. */
    private static final int LIMIT = 8192;

    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    public CpuList {
        numbers = Collections.unmodifiableSortedSet(new TreeSet<>(numbers));
    }

    /** Reads a list; anything else, and an empty one, is an IllegalArgumentException that says what is wrong. */
    public static CpuList parse(String text) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw new IllegalArgumentException(
                        "not a list of numbers and ranges such as \"0-3,6\": \"" + text + "\"");
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first) {
                throw new IllegalArgumentException("the range " + part + " is empty; write the lower number first");
            }
            if (last >= LIMIT) {
                throw new IllegalArgumentException(
                        "Linux numbers processors and memory nodes below " + LIMIT + ", not " + last);
            }
            for (int number = first; number <= last; number++) {
                numbers.add(number);
            }
        }
        return new CpuList(numbers);
    }

    /** The list as the kernel prints it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            if (numbers.contains(number - 1)) {
                continue; // inside a run, which its first number has printed
            }
            int last = number;
            while (numbers.contains(last + 1)) {
                last++;
            }
            text.append(text.isEmpty() ? "" : ",").append(number).append(last == number ? "" : "-" + last);
        }
        return text.toString();
    }
}
