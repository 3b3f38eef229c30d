package dev.caisson.vfs;

import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;

import dev.caisson.program.Errno;
import java.nio.file.Path;
import java.util.Set;

/**
 * Copies what is in a file, in the best way that the file systems know: sharing blocks, then copying in the kernel with
 * copy_file_range(2), then with sendfile(2), which can always.
 *
 * <p>One for each layer: whether blocks can be shared is a matter of the two file systems, and tried once.
 */
final class FileData {

    /** The kernel copies less than 2 GiB at once. */
    private static final long AT_ONCE = 1L << 30;

    private static final Set<Errno> CANNOT_SHARE = Set.of(Errno.EOPNOTSUPP, Errno.ENOTTY, Errno.EXDEV);

    private final Calls calls;
    private volatile boolean share = true;

    FileData(Calls calls) {
        this.calls = calls;
    }

    /** Copies a file of a size into an empty one. */
    void copy(Descriptor from, Descriptor to, long size, Path file) {
        if (size == 0 || (share && shared(from, to))) {
            return;
        }
        long left = size;
        while (left > 0) {
            long copied = calls.attempt(
                    "copy_file_range",
                    from.argument(),
                    NULL,
                    to.argument(),
                    NULL,
                    number(Math.min(left, AT_ONCE)),
                    number(0));
            if (copied <= 0) {
                break; // not between these file systems, or not this file: sendfile will tell
            }
            left -= copied;
        }
        while (left > 0) {
            long copied = calls.call(
                    "copy", file, "sendfile", to.argument(), from.argument(), NULL, number(Math.min(left, AT_ONCE)));
            if (copied == 0) {
                Calls.succeeded("copy the end of", file, -Errno.EIO.number()); // it is shorter than its size
            }
            left -= copied;
        }
    }

    private boolean shared(Descriptor from, Descriptor to) {
        long result = calls.attempt("ioctl", to.argument(), flags("FICLONE"), from.argument());
        if (result < 0 && Errno.of((int) -result).filter(CANNOT_SHARE::contains).isPresent()) {
            share = false;
        }
        return result == 0;
    }
}
