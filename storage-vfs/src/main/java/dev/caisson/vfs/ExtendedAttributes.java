package dev.caisson.vfs;

import static dev.caisson.program.Argument.number;

import dev.caisson.program.Argument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads extended attributes, as in xattr(7): capabilities of programs, access control lists, what users have noted. */
record ExtendedAttributes(Calls calls) {

    /** What the host's security modules note about files; the copy gets its own. */
    private static final Set<String> LABELS = Set.of("security.selinux", "security.ima", "security.evm");

    /** All attributes of a file by name; of a link its own. */
    Map<String, byte[]> of(Path file) {
        Argument path = path(file);
        byte[] names = calls.fill("list the extended attributes of", file, "llistxattr", path);
        Map<String, byte[]> attributes = new TreeMap<>();
        for (String name : new String(names, StandardCharsets.UTF_8).split("\0", -1)) {
            if (!name.isEmpty() && !LABELS.contains(name)) {
                attributes.put(
                        name,
                        calls.fill("read the extended attributes of", file, "lgetxattr", path, Argument.text(name)));
            }
        }
        return attributes;
    }

    /** Sets attributes of an open file. */
    void set(Descriptor file, Map<String, byte[]> attributes, Path name) {
        attributes.forEach((key, value) -> calls.call(
                "set the extended attribute " + key + " of",
                name,
                "fsetxattr",
                file.argument(),
                Argument.text(key),
                new Argument.Bytes(value),
                number(value.length),
                number(0)));
    }

    /** Sets attributes of what cannot be opened, such as a link, by its name in an open directory. */
    void set(Descriptor directory, Path name, Map<String, byte[]> attributes) {
        byte[] start = ("/proc/self/fd/" + directory.number() + "/").getBytes(StandardCharsets.US_ASCII);
        byte[] end = FileNames.bytes(name);
        byte[] path = Arrays.copyOf(start, start.length + end.length);
        System.arraycopy(end, 0, path, start.length, end.length);
        attributes.forEach((key, value) -> calls.call(
                "set the extended attribute " + key + " of",
                name,
                "lsetxattr",
                FileNames.terminated(path),
                Argument.text(key),
                new Argument.Bytes(value),
                number(value.length),
                number(0)));
    }

    private static Argument path(Path absolute) {
        Path root = absolute.getRoot();
        byte[] relative = FileNames.bytes(root == null ? absolute : root.relativize(absolute));
        byte[] path = new byte[relative.length + 1];
        path[0] = '/';
        System.arraycopy(relative, 0, path, 1, relative.length);
        return FileNames.terminated(path);
    }
}
