package dev.caisson.layers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Finds a library where the dynamic loader would: ld.so(8) for glibc, and musl's, which has no cache. */
final class LibrarySearch {

    private static final String CACHE = "/etc/ld.so.cache";
    private static final Map<Integer, String> PLATFORMS =
            Map.of(ElfFile.X86_64, "x86_64", ElfFile.AARCH64, "aarch64", ElfFile.I386, "i686");
    private static final Map<Integer, String> MULTIARCH = Map.of(
            ElfFile.X86_64, "x86_64-linux-gnu", ElfFile.AARCH64, "aarch64-linux-gnu", ElfFile.I386, "i386-linux-gnu");

    private final HostTree tree;
    private final LoaderCache cache;
    private final Map<String, Optional<ElfFile>> read = new HashMap<>();

    LibrarySearch(HostTree tree) {
        this.tree = tree;
        this.cache = LoaderCache.read(bytes(tree.file(CACHE)));
    }

    /**
     * A program or library in a process.
     *
     * @param elf its headers
     * @param path the path under which it was found, links and all: $ORIGIN is its directory
     * @param loader what needed it; null for the program
     */
    record Loaded(ElfFile elf, String path, @Nullable Loaded loader) {}

    /**
     * A library that was found.
     *
     * @param path its path, links and all
     * @param everywhere whether every program of glibc would find it there, and not just one that names its directory
     */
    record Found(String path, HostTree.Trace trace, ElfFile elf, boolean everywhere) {}

    /** The library that {@code needing} gets for a name. */
    Optional<Found> find(String name, Loaded needing, boolean musl) {
        if (name.contains("/")) {
            return check(name, needing.elf(), false);
        }
        for (String directory : ownDirectories(needing)) {
            Optional<Found> found = check(directory + "/" + name, needing.elf(), false);
            if (found.isPresent()) {
                return found;
            }
        }
        return findEverywhere(name, needing.elf(), musl);
    }

    /** The library that every program gets for a name if it says nothing of its own. */
    Optional<Found> findEverywhere(String name, ElfFile needing, boolean musl) {
        List<String> candidates = new ArrayList<>(musl ? List.of() : cache.paths(name));
        usualDirectories(needing, musl).forEach(directory -> candidates.add(directory + "/" + name));
        return candidates.stream()
                .flatMap(candidate -> check(candidate, needing, !musl).stream())
                .findFirst();
    }

    /** Where every program's libraries are searched, besides what a cache lists. */
    List<String> usualDirectories(ElfFile needing, boolean musl) {
        if (musl) {
            byte[] configured = bytes(tree.file(muslPathFile(needing)));
            return configured.length > 0
                    ? List.of(new String(configured, StandardCharsets.UTF_8)
                            .strip()
                            .split("[:\n]"))
                    : List.of("/lib", "/usr/local/lib", "/usr/lib");
        }
        Set<String> directories = new LinkedHashSet<>();
        for (String lib : libraryDirectoryNames(needing)) {
            directories.add("/" + lib);
            directories.add("/usr/" + lib);
        }
        return List.copyOf(directories);
    }

    /** The file in which musl's loader finds its search path; it need not exist. */
    static String muslPathFile(ElfFile program) {
        return "/etc/ld-musl-" + PLATFORMS.getOrDefault(program.machine(), "unknown") + ".path";
    }

    /** The directories that the program itself, or what loaded it, names. */
    private static List<String> ownDirectories(Loaded needing) {
        List<String> directories = new ArrayList<>();
        if (needing.elf().runpath().isEmpty()) {
            for (Loaded by = needing; by != null; by = by.loader()) {
                if (by.elf().runpath().isEmpty()) {
                    directories.addAll(expand(by.elf().rpath(), by));
                }
            }
        }
        directories.addAll(expand(needing.elf().runpath(), needing));
        return directories;
    }

    /** Puts in what the loader puts in; what is not absolute then, would depend on the working directory. */
    private static List<String> expand(List<String> directories, Loaded by) {
        String origin = by.path().substring(0, by.path().lastIndexOf('/'));
        List<String> expanded = new ArrayList<>();
        for (String directory : directories) {
            for (String lib : libraryDirectoryNames(by.elf())) {
                String path = directory;
                if (path.contains("$")) {
                    path = put(path, "ORIGIN", origin);
                    path = put(path, "LIB", lib);
                    path = put(path, "PLATFORM", PLATFORMS.getOrDefault(by.elf().machine(), ""));
                }
                if (path.startsWith("/") && !expanded.contains(path)) {
                    expanded.add(path);
                }
            }
        }
        return expanded;
    }

    private static String put(String path, String name, String value) {
        return path.replaceAll("\\$(" + name + "\\b|\\{" + name + "})", Matcher.quoteReplacement(value));
    }

    /** What distributions call the directory of libraries; each has one of these built into its loader. */
    private static List<String> libraryDirectoryNames(ElfFile elf) {
        List<String> names = new ArrayList<>();
        String multiarch = MULTIARCH.get(elf.machine());
        if (multiarch != null) {
            names.add("lib/" + multiarch);
        }
        names.add(elf.wide() ? "lib64" : "lib32");
        names.add("lib");
        return names;
    }

    private Optional<Found> check(String path, ElfFile needing, boolean everywhere) {
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        return tree.trace(path)
                .filter(HostTree.Trace::isFile)
                .flatMap(trace ->
                        elf(trace.path()).filter(needing::fits).map(elf -> new Found(path, trace, elf, everywhere)));
    }

    /** The headers of a file, read once; empty if it is no ELF file. */
    Optional<ElfFile> elf(String path) {
        return read.computeIfAbsent(path, p -> {
            try {
                return ElfFile.read(tree.file(p));
            } catch (IOException e) {
                throw HostTree.cannotRead(p, e);
            }
        });
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0]; // as the loader does: without a cache it searches the usual directories
        }
    }
}
