package dev.caisson.layers;

import dev.caisson.api.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The host's files below a root, found as a process would find them that has this directory as its root: path_resolution(7).
 *
 * <p>It looks at each place once, so it is for one question and not for keeping.
 */
final class HostTree {

    /** As many links as the kernel follows for one path. */
    private static final int MOST_LINKS = 40;

    private final Path root;
    private final Map<String, Optional<BasicFileAttributes>> looked = new HashMap<>();

    /** The tree below a directory: "/", or a fixture. */
    HostTree(Path root) {
        this.root = root;
    }

    /**
     * How a path leads to what it names.
     *
     * @param path where it lies in the end: absolute, without links and dots
     * @param directories every directory on the way, in order; the last is the path itself if that is a directory
     * @param links every symbolic link on the way with its target
     * @param attributes of what lies there
     */
    record Trace(String path, List<String> directories, Map<String, String> links, BasicFileAttributes attributes) {

        boolean isFile() {
            return attributes.isRegularFile();
        }
    }

    /** Where a path without links lies on the real host. */
    Path file(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    /** Follows an absolute path; empty if there is nothing. */
    Optional<Trace> trace(String absolute) {
        List<String> directories = new ArrayList<>();
        Map<String, String> links = new LinkedHashMap<>();
        Deque<String> ahead = new ArrayDeque<>(List.of(absolute.split("/")));
        String here = "";
        int followed = 0;
        BasicFileAttributes attributes = look("/").orElseThrow(() -> new HostException(root + " is not there"));
        while (!ahead.isEmpty()) {
            String name = ahead.removeFirst();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (!attributes.isDirectory()) {
                return Optional.empty();
            }
            if (name.equals("..")) {
                here = here.substring(0, Math.max(0, here.lastIndexOf('/')));
                continue;
            }
            String next = here + "/" + name;
            Optional<BasicFileAttributes> found = looked.computeIfAbsent(next, this::look);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            if (found.get().isSymbolicLink()) {
                String target = target(next);
                links.put(next, target);
                if (++followed > MOST_LINKS) {
                    return Optional.empty();
                }
                List<String> names = List.of(target.split("/"));
                for (int i = names.size() - 1; i >= 0; i--) {
                    ahead.addFirst(names.get(i));
                }
                here = target.startsWith("/") ? "" : here;
                continue;
            }
            attributes = found.get();
            here = next;
            if (attributes.isDirectory()) {
                directories.add(here);
            }
        }
        return Optional.of(new Trace(here.isEmpty() ? "/" : here, directories, links, attributes));
    }

    private Optional<BasicFileAttributes> look(String path) {
        try {
            return Optional.of(Files.readAttributes(file(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw cannotRead(path, e);
        }
    }

    private String target(String link) {
        try {
            return Files.readSymbolicLink(file(link)).toString();
        } catch (IOException e) {
            throw cannotRead(link, e);
        }
    }

    static HostException cannotRead(String path, IOException e) {
        return new HostException("cannot read " + path + " of the host: " + reason(e), e);
    }

    /** What an exception says, as NoSuchFileException and its like say only which file. */
    static String reason(IOException e) {
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return kind.equals("FileSystem") || kind.equals("IO")
                ? String.valueOf(e.getMessage())
                : kind + " " + e.getMessage();
    }
}
