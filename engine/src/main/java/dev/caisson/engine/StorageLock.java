package dev.caisson.engine;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An flock(2) on a directory or file, which the kernel drops when this JVM dies.
 *
 * <p>Whoever prepares a container's storage holds the storage directory's lock shared until the record of the run exists; recovery takes it
 * exclusively before it decides that a directory without a record belongs to nobody. Java's own file locks are of another kind (fcntl),
 * belong to the whole process and cannot be on a directory.
 */
final class StorageLock implements AutoCloseable {

    private final Host host;
    private final long descriptor;

    private StorageLock(Host host, long descriptor) {
        this.host = host;
        this.descriptor = descriptor;
    }

    /** Waits for the lock that many can hold at once. */
    static StorageLock shared(Host host, Path path) {
        return lock(host, path, "LOCK_SH")
                .orElseThrow(() -> new HostException(path + ": cannot be locked; another process holds it"));
    }

    /** Takes the lock that only one can hold, or nothing if it is held, or the path is gone. */
    static Optional<StorageLock> exclusive(Host host, Path path) {
        return lock(host, path, "LOCK_EX", "LOCK_NB");
    }

    private static Optional<StorageLock> lock(Host host, Path path, String... how) {
        long descriptor = host.call((Op.SystemCall)
                Op.call("openat", CWD, text(path.toString()), flags("O_RDONLY", "O_CLOEXEC", "O_NOFOLLOW"), number(0)));
        if (descriptor == -Errno.ENOENT.number()) {
            return Optional.empty();
        } else if (descriptor < 0) {
            throw new HostException(path + ": cannot be opened: " + Errno.describe((int) -descriptor));
        }
        StorageLock lock = new StorageLock(host, descriptor);
        long result;
        do {
            result = host.call((Op.SystemCall) Op.call("flock", number(descriptor), flags(how)));
        } while (result == -Errno.EINTR.number());
        if (result < 0) {
            lock.close();
            return Optional.empty();
        }
        return Optional.of(lock);
    }

    /** Does nothing: the lock is held for the block of a try statement, and this is the use that the compiler wants to see. */
    void held() {}

    @Override
    public void close() {
        host.call((Op.SystemCall) Op.call("close", number(descriptor)));
    }
}
