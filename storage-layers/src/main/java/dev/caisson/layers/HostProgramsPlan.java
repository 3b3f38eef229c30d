package dev.caisson.layers;

import dev.caisson.api.HostException;
import dev.caisson.api.ProfileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds out which files of the host some programs need, and plans a layer with them at the same paths.
 *
 * <p>Links on the way are kept, so that {@code sh} stays a link to {@code dash}, and {@code /bin} one to {@code usr/bin} where the host
 * has merged them. Instead of the host's {@code /etc/ld.so.cache} the layer gets one of its own, with the layer's libraries only: the
 * host's may prefer variants for newer processors, which are not in the layer, and the loader does not look further then.
 */
final class HostProgramsPlan {

    /** Where programs are searched by name: the order of login(1). */
    static final List<String> SEARCH_PATH =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    /** What glibc loads by itself, without a word in any program: to read /etc/passwd (before 2.34), and to end a thread. */
    private static final List<String> LOADED_BY_GLIBC = List.of("libnss_files.so.2", "libgcc_s.so.1");

    private static final String GLIBC = "libc.so.6";

    /** Directories that are links where a distribution has merged them. */
    private static final List<String> MERGED_DIRECTORIES =
            List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr/sbin", "/usr/lib64");

    /** How much of a script's first line the kernel reads. */
    private static final int SCRIPT_LINE = 256;

    private final HostTree tree;
    private final LibrarySearch search;
    private final SortedMap<String, Integer> directories = new TreeMap<>(Skeleton.DIRECTORIES);
    private final SortedMap<String, String> links = new TreeMap<>();
    private final SortedMap<String, LayerPlan.Source> files = new TreeMap<>();
    private final SortedMap<String, byte[]> texts = new TreeMap<>(Skeleton.texts());
    private final Map<String, LoaderCache.Library> cached = new TreeMap<>();
    private final Set<String> done = new HashSet<>();

    private HostProgramsPlan(HostTree tree) {
        this.tree = tree;
        this.search = new LibrarySearch(tree);
    }

    /** The layer that has these programs. */
    static LayerPlan of(List<String> programs, HostTree tree) {
        HostProgramsPlan plan = new HostProgramsPlan(tree);
        plan.addMergedDirectories();
        programs.forEach(program -> plan.addProgram(plan.find(program), "program \"" + program + "\""));
        if (!plan.cached.isEmpty()) {
            plan.texts.put("/etc/ld.so.cache", LoaderCache.write(plan.cached.values()));
        }
        // What the host keeps elsewhere through a link stays there.
        plan.directories.keySet().removeIf(plan::throughLink);
        plan.texts.keySet().removeIf(plan::throughLink);
        return new LayerPlan(plan.directories, plan.links, plan.files, plan.texts);
    }

    private boolean throughLink(String path) {
        return links.keySet().stream().anyMatch(link -> (path + "/").startsWith(link + "/"));
    }

    private void addMergedDirectories() {
        for (String directory : MERGED_DIRECTORIES) {
            tree.trace(directory).filter(trace -> !trace.links().isEmpty()).ifPresent(this::add);
        }
    }

    private void add(HostTree.Trace trace) {
        trace.directories().forEach(directory -> directories.putIfAbsent(directory, 0755));
        links.putAll(trace.links());
        if (trace.isFile() && !files.containsKey(trace.path())) {
            try {
                files.put(trace.path(), LayerPlan.Source.of(tree.file(trace.path())));
            } catch (IOException e) {
                throw HostTree.cannotRead(trace.path(), e);
            }
        }
    }

    private HostTree.Trace find(String program) {
        if (program.startsWith("/")) {
            HostTree.Trace trace = tree.trace(program)
                    .filter(HostTree.Trace::isFile)
                    .orElseThrow(() -> new ProfileException("the host has no program " + program
                            + "; name one that it has, by its absolute path or by a name in "
                            + String.join(":", SEARCH_PATH)));
            if (!executable(trace)) {
                throw new ProfileException(program + " of the host is not executable; name a program");
            }
            return trace;
        }
        if (program.isBlank() || program.contains("/")) {
            throw new ProfileException("\"" + program
                    + "\" is not the name of a program; write a name to search for, such as sh, or an absolute path");
        }
        return SEARCH_PATH.stream()
                .flatMap(directory -> tree.trace(directory + "/" + program).stream())
                .filter(trace -> trace.isFile() && executable(trace))
                .findFirst()
                .orElseThrow(() -> new ProfileException("the host has no program \"" + program + "\" in "
                        + String.join(":", SEARCH_PATH) + "; "
                        + Nearest.to(program, programNames())
                                .map(name -> "the nearest is \"" + name + "\"")
                                .orElse("install it or give its absolute path")));
    }

    private boolean executable(HostTree.Trace trace) {
        try {
            Set<PosixFilePermission> permissions = Files.readAttributes(
                            tree.file(trace.path()), PosixFileAttributes.class)
                    .permissions();
            return permissions.contains(PosixFilePermission.OWNER_EXECUTE)
                    || permissions.contains(PosixFilePermission.GROUP_EXECUTE)
                    || permissions.contains(PosixFilePermission.OTHERS_EXECUTE);
        } catch (IOException e) {
            throw HostTree.cannotRead(trace.path(), e);
        }
    }

    private List<String> programNames() {
        List<String> names = new ArrayList<>();
        for (String directory : SEARCH_PATH) {
            tree.trace(directory).ifPresent(trace -> {
                try (var entries = Files.newDirectoryStream(tree.file(trace.path()))) {
                    entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
                } catch (IOException e) {
                    throw HostTree.cannotRead(directory, e);
                }
            });
        }
        return names;
    }

    private void addProgram(HostTree.Trace trace, String what) {
        add(trace);
        if (!done.add(trace.path())) {
            return;
        }
        Optional<ElfFile> elf = search.elf(trace.path());
        if (elf.isPresent()) {
            addLibraries(elf.get(), trace.path(), what);
        } else {
            addInterpreter(firstLine(trace.path()), trace.path(), what);
        }
    }

    /** A script's interpreter, and the program that env(1) as an interpreter starts. */
    private void addInterpreter(String line, String path, String what) {
        if (!line.startsWith("#!")) {
            throw new ProfileException(
                    what + " is " + path
                            + " on the host, which is neither an ELF program nor a script with #!; name its interpreter instead");
        }
        String[] words = line.substring(2).strip().split("[ \t]+", -1);
        String interpreter = "the interpreter " + words[0] + " of " + what;
        addProgram(
                tree.trace(words[0])
                        .filter(trace -> trace.isFile() && words[0].startsWith("/"))
                        .orElseThrow(() -> new HostException(
                                interpreter + " is not there; install it or leave the program out of the layer")),
                interpreter);
        if (words[0].endsWith("/env")) {
            for (int i = 1; i < words.length; i++) {
                if (!words[i].startsWith("-") && !words[i].contains("=")) {
                    addProgram(find(words[i]), "the interpreter " + words[i] + " of " + what);
                    return;
                }
            }
        }
    }

    private String firstLine(String path) {
        try (InputStream in = Files.newInputStream(tree.file(path))) {
            return new String(in.readNBytes(SCRIPT_LINE), StandardCharsets.ISO_8859_1)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw HostTree.cannotRead(path, e);
        }
    }

    /** All that is loaded into the process of a program, breadth first and each name once, as the loader does it. */
    private void addLibraries(ElfFile program, String path, String what) {
        if (program.interpreter().isEmpty()) {
            return; // static
        }
        String interpreter = program.interpreter().get();
        add(tree.trace(interpreter)
                .filter(HostTree.Trace::isFile)
                .orElseThrow(() -> new HostException("the loader " + interpreter + " of " + what
                        + " is not there; install the C library that it was built for")));
        String loaderName = interpreter.substring(interpreter.lastIndexOf('/') + 1);
        boolean musl = loaderName.startsWith("ld-musl-");
        if (musl) {
            tree.trace(LibrarySearch.muslPathFile(program)).ifPresent(this::add);
        }
        Set<String> names = new HashSet<>(Set.of(loaderName));
        Deque<LibrarySearch.Loaded> open = new ArrayDeque<>();
        open.add(new LibrarySearch.Loaded(program, path, null));
        while (!open.isEmpty()) {
            LibrarySearch.Loaded needing = open.remove();
            for (String name : needing.elf().needed()) {
                if (!names.add(name)) {
                    continue;
                }
                Optional<LibrarySearch.Found> found = search.find(name, needing, musl);
                if (found.isPresent()) {
                    addLibrary(name, found.get());
                    open.add(new LibrarySearch.Loaded(
                            found.get().elf(), found.get().path(), needing));
                } else if (!(musl && isPartOfMusl(name))) {
                    throw missing(name, needing, musl, what);
                }
            }
        }
        if (names.contains(GLIBC)) {
            for (String name : LOADED_BY_GLIBC) {
                search.findEverywhere(name, program, false).ifPresent(found -> addLibrary(name, found));
            }
        }
    }

    private void addLibrary(String name, LibrarySearch.Found found) {
        add(found.trace());
        if (found.everywhere()) {
            int machine = found.elf().machine();
            cached.put(machine + " " + name, new LoaderCache.Library(name, found.path(), machine));
        }
    }

    /** In musl the loader is the C library, whether or not there are links with its other names. */
    private static boolean isPartOfMusl(String name) {
        return name.equals("libc.so") || name.startsWith("libc.musl-");
    }

    private HostException missing(String name, LibrarySearch.Loaded needing, boolean musl, String what) {
        return new HostException(what + ": " + needing.path() + " needs the library " + name + ", which is not in "
                + (musl ? "" : "/etc/ld.so.cache or ")
                + String.join(":", search.usualDirectories(needing.elf(), musl))
                + "; install the package that has it");
    }
}
