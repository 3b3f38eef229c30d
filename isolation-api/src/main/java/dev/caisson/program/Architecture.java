package dev.caisson.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A processor architecture with its system call numbers, as in syscalls(2).
 *
 * <p>The numbers stand in the resource {@code syscalls.tsv}, one line for each name.
 */
public enum Architecture {
    /** AMD64. */
    X86_64(0xC000003E, 1),
    /** 64-bit ARM. */
    AARCH64(0xC00000B7, 2),
    /** 32-bit x86, which an x86-64 kernel also answers: known so that filters can refuse it, nothing is assembled for it. */
    I386(0x40000003, 3);

    private final int auditNumber;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable map
    private final Map<String, Integer> numbers;

    Architecture(int auditNumber, int column) {
        this.auditNumber = auditNumber;
        this.numbers = read(column);
    }

    /** The architecture that this JVM runs on; other processors than the two are refused with an exception. */
    public static Architecture current() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> throw new IllegalStateException("Caisson runs on x86-64 and aarch64, this is " + name);
        };
    }

    /** Its number in seccomp's and audit's data, AUDIT_ARCH_ of linux/audit.h. */
    public int auditNumber() {
        return auditNumber;
    }

    /** Every system call that it has, by name, with its number. */
    public Map<String, Integer> numbers() {
        return numbers;
    }

    /** The number of a system call; a call that this architecture lacks is an exception. */
    public int number(String systemCall) {
        Integer number = numbers.get(systemCall);
        if (number == null) {
            throw new IllegalArgumentException(this + " has no system call " + systemCall);
        }
        return number;
    }

    /** Refuses a system call that one of the two assembled architectures lacks: a launch program must run on both. */
    static void requireKnown(String systemCall) {
        X86_64.number(systemCall);
        AARCH64.number(systemCall);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace("x86_64", "x86-64");
    }

    private static Map<String, Integer> read(int column) {
        Map<String, Integer> numbers = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(Architecture.class.getResourceAsStream("syscalls.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .forEach(cells -> {
                        if (!cells[column].equals("-")) {
                            numbers.put(cells[0], Integer.valueOf(cells[column]));
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(numbers);
    }
}
