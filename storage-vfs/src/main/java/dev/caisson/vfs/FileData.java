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
 * <p>One for each layer: what works is a matter of the two file systems, and not tried again when it does not.
 */
final class FileData {

    /** The kernel copies less than 2 GiB at once. */
    private static final long AT_ONCE = 1L << 30;

    private static final Set<Errno> CANNOT_SHARE = Set.of(Errno.EOPNOTSUPP, Errno.ENOTTY, Errno.EXDEV);
    private static final Set<Errno> CANNOT_COPY = Set.of(Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EXDEV);

    private final Calls calls;
    private volatile boolean share = true;
    private volatile boolean range = true;

    FileData(Calls calls) {
        this.calls = calls;
    }

    /** Copies a file of a size into an empty one. */
    void copy(Descriptor from, Descriptor to, long size, Path file) {
        if (size == 0 || shared(from, to)) {
            return;
        }
        long left = size - copiedInRange(from, to, size);
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
        if (!share) {
            return false;
        }
        long result = calls.attempt("ioctl", to.argument(), flags("FICLONE"), from.argument());
        share = !isOneOf(CANNOT_SHARE, result);
        return result == 0;
    }

    /** How much could be copied; both files stand behind that then. */
    private long copiedInRange(Descriptor from, Descriptor to, long size) {
        long copied = 0;
        while (range && copied < size) {
            long more = calls.attempt(
                    "copy_file_range",
                    from.argument(),
                    NULL,
                    to.argument(),
                    NULL,
                    number(Math.min(size - copied, AT_ONCE)),
                    number(0));
            range = !isOneOf(CANNOT_COPY, more);
            if (more <= 0) {
                break; // not between these file systems, or not this file: what comes next will tell
            }
            copied += more;
        }
        return copied;
    }

    private static boolean isOneOf(Set<Errno> errors, long result) {
        return result < 0 && Errno.of((int) -result).filter(errors::contains).isPresent();
    }
}
