package dev.caisson.vfs;

import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;

import dev.caisson.program.Argument;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/**
 * Gives a copy its owner, mode, extended attributes and times, in this order: a change of the owner takes set-user-id bits and
 * capabilities away, and any change touches the times.
 */
record Metadata(Calls calls, ExtendedAttributes extended) {

    /** For an open file or directory; {@code source} is its model. */
    void give(Descriptor file, FileStatus status, Path source) {
        calls.call("set the owner of", source, "fchown", file.argument(), number(status.uid()), number(status.gid()));
        calls.call("set the mode of", source, "fchmod", file.argument(), mode(status.permissions()));
        extended.set(file, extended.of(source), source);
        calls.call("set the times of", source, "utimensat", file.argument(), NULL, times(status), number(0));
    }

    /** For what cannot be opened without doing something, by its name in an open directory. */
    void give(Descriptor directory, Path name, FileStatus status, Path source) {
        Argument argument = FileNames.argument(name);
        calls.call(
                "set the owner of",
                source,
                "fchownat",
                directory.argument(),
                argument,
                number(status.uid()),
                number(status.gid()),
                flags("AT_SYMLINK_NOFOLLOW"));
        if (!status.isLink()) { // whose mode means nothing, and cannot be set
            calls.call(
                    "set the mode of", source, "fchmodat", directory.argument(), argument, mode(status.permissions()));
        }
        Map<String, byte[]> attributes = extended.of(source);
        if (!attributes.isEmpty()) {
            extended.set(directory, name, attributes);
        }
        calls.call(
                "set the times of",
                source,
                "utimensat",
                directory.argument(),
                argument,
                times(status),
                flags("AT_SYMLINK_NOFOLLOW"));
    }

    private static Argument times(FileStatus status) {
        Instant accessed = instant(status.accessed());
        Instant modified = instant(status.modified());
        return Argument.block(
                number(accessed.getEpochSecond()),
                number(accessed.getNano()),
                number(modified.getEpochSecond()),
                number(modified.getNano()));
    }

    private static Instant instant(FileTime time) {
        return time.toInstant();
    }
}
