package dev.caisson.layers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The list of libraries that glibc's dynamic loader looks into, {@code /etc/ld.so.cache}: the format {@code glibc-ld.so.cache1.1} of
 * glibc's dl-cache.h, which ldconfig(8) writes.
 */
final class LoaderCache {

    private static final byte[] OLD_MAGIC = "ld.so-1.7.0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MAGIC = "glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 48;
    private static final int ENTRY = 24;
    private static final byte LITTLE_ENDIAN = 2;

    /** What the loader of an architecture demands of an entry: the kind of library in the low byte, 3 for glibc's, and its ABI. */
    private static final Map<Integer, Integer> FLAGS =
            Map.of(ElfFile.X86_64, 0x303, ElfFile.AARCH64, 0xa03, ElfFile.I386, 0x3);

    private final Map<String, List<String>> paths;

    private LoaderCache(Map<String, List<String>> paths) {
        this.paths = paths;
    }

    /** A library that a cache lists. */
    record Library(String name, String path, int machine) {}

    /**
     * Where a library may lie, the best first: those for every processor, then those that demand one with certain capabilities. It may
     * be of another architecture than wanted.
     */
    List<String> paths(String name) {
        return paths.getOrDefault(name, List.of());
    }

    /** Reads a cache; one that is empty or in an unknown format lists nothing, as for the loader. */
    static LoaderCache read(byte[] file) {
        record Entry(String name, String path, long capabilities) {}
        List<Entry> entries = new ArrayList<>();
        int start = start(file);
        if (start >= 0) {
            ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            try {
                int count = data.getInt(start + MAGIC.length);
                for (int i = 0; i < count; i++) {
                    int at = start + HEADER + i * ENTRY;
                    String name = string(file, start + data.getInt(at + 4));
                    entries.add(new Entry(name, string(file, start + data.getInt(at + 8)), data.getLong(at + 16)));
                }
            } catch (IndexOutOfBoundsException e) {
                entries.clear();
            }
        }
        Map<String, List<String>> paths = new HashMap<>();
        entries.stream()
                .sorted(Comparator.comparing(entry -> entry.capabilities() != 0))
                .forEach(entry -> paths.computeIfAbsent(entry.name(), n -> new ArrayList<>())
                        .add(entry.path()));
        return new LoaderCache(paths);
    }

    /** The new format stands alone, or behind the old one, aligned to eight bytes. */
    private static int start(byte[] file) {
        if (startsWith(file, 0, MAGIC)) {
            return 0;
        }
        if (startsWith(file, 0, OLD_MAGIC) && file.length >= 16) {
            int count = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
            long behind = (16L + count * 12L + 7) / 8 * 8;
            if (behind > 0 && behind < file.length && startsWith(file, (int) behind, MAGIC)) {
                return (int) behind;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] file, int offset, byte[] magic) {
        return file.length - offset >= magic.length
                && ByteBuffer.wrap(file, offset, magic.length).equals(ByteBuffer.wrap(magic));
    }

    private static String string(byte[] file, int start) {
        int end = start;
        while (file[end] != 0) {
            end++;
        }
        return new String(file, start, end - start, StandardCharsets.UTF_8);
    }

    /** Writes a cache; libraries of architectures that it has no number for are left out. */
    static byte[] write(Collection<Library> libraries) {
        List<Library> sorted = libraries.stream()
                .filter(library -> FLAGS.containsKey(library.machine()))
                .sorted(Comparator.comparing(Library::name, LoaderCache::compare)
                        .reversed()
                        .thenComparing(Library::machine))
                .toList();
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        int stringsAt = HEADER + sorted.size() * ENTRY;
        ByteBuffer head = ByteBuffer.allocate(stringsAt).order(ByteOrder.LITTLE_ENDIAN);
        head.position(HEADER);
        for (Library library : sorted) {
            head.putInt(FLAGS.getOrDefault(library.machine(), 0));
            head.putInt(stringsAt + strings.size());
            append(strings, library.name());
            head.putInt(stringsAt + strings.size());
            append(strings, library.path());
            head.putInt(0).putLong(0);
        }
        head.rewind().put(MAGIC).putInt(sorted.size()).putInt(strings.size()).put(LITTLE_ENDIAN);
        return ByteBuffer.allocate(stringsAt + strings.size())
                .put(head.array())
                .put(strings.toByteArray())
                .array();
    }

    private static void append(ByteArrayOutputStream strings, String string) {
        strings.writeBytes(string.getBytes(StandardCharsets.UTF_8));
        strings.write(0);
    }

    /** The loader's own order of names, in which digits count as numbers: it searches the cache by halves. */
    static int compare(String first, String second) {
        int i = 0;
        int j = 0;
        while (i < first.length() && j < second.length()) {
            boolean digits = isDigit(first.charAt(i));
            if (digits != isDigit(second.charAt(j))) {
                return digits ? 1 : -1;
            }
            if (digits) {
                int a = 0;
                int b = 0;
                for (; i < first.length() && isDigit(first.charAt(i)); i++) {
                    a = a * 10 + first.charAt(i) - '0';
                }
                for (; j < second.length() && isDigit(second.charAt(j)); j++) {
                    b = b * 10 + second.charAt(j) - '0';
                }
                if (a != b) {
                    return Integer.compare(a, b);
                }
            } else if (first.charAt(i) != second.charAt(j)) {
                return Character.compare(first.charAt(i), second.charAt(j));
            } else {
                i++;
                j++;
            }
        }
        return Integer.compare(first.length() - i, second.length() - j);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
