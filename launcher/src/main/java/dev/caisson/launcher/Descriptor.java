package dev.caisson.launcher;

import dev.caisson.program.Errno;
import java.util.function.IntToLongFunction;

/**
 * A descriptor that one thread may close while others use it.
 *
 * <p>The number goes back to the kernel only when nobody uses it any more: else a read that is about to begin could hit a file that has got
 * the same number in the meantime. So closing does not end a read that is under way; that ends with the other side.
 */
final class Descriptor {

    private final Kernel kernel;
    private final int number;
    private int users;
    private boolean closed;

    Descriptor(Kernel kernel, int number) {
        this.kernel = kernel;
        this.number = number;
    }

    /** What the call returns; EBADF, negative, if this is closed. */
    long use(IntToLongFunction call) {
        synchronized (this) {
            if (closed) {
                return -Errno.EBADF.number();
            }
            users++;
        }
        try {
            return call.applyAsLong(number);
        } finally {
            synchronized (this) {
                users--;
                closeIfUnused();
            }
        }
    }

    /** Does nothing the second time. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            closeIfUnused();
        }
    }

    private void closeIfUnused() {
        if (closed && users == 0) {
            kernel.close(number);
        }
    }
}
