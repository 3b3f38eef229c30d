package dev.caisson.engine;

import dev.caisson.api.HostException;
import dev.caisson.api.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The engine's two directories: state, on a tmpfs, holds the record of each running container; storage, on a disk, holds layers, private
 * copies and what waits to be deleted.
 *
 * @param state {@code /run/caisson} for root, else below {@code $XDG_RUNTIME_DIR}
 * @param storage {@code /var/lib/caisson} for root, else below {@code $XDG_DATA_HOME}
 */
public record State(Path state, Path storage) {

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> ENTERABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    /** Where root keeps them. */
    public static final State SYSTEM = new State(Path.of("/run/caisson"), Path.of("/var/lib/caisson"));

    /** The directories of the user that this process runs as. */
    public static State ofUser() {
        if (isRoot()) {
            return SYSTEM;
        }
        Path home = Path.of(System.getProperty("user.home"));
        String data = System.getenv("XDG_DATA_HOME");
        Path storage =
                (data == null || data.isEmpty() ? home.resolve(".local/share") : Path.of(data)).resolve("caisson");
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        Path state = runtime == null || runtime.isEmpty()
                ? storage.resolve("state")
                : Path.of(runtime).resolve("caisson");
        return new State(state, storage);
    }

    /** One container's places. */
    public Site site(String id) {
        return new Site(id, state, storage);
    }

    /** Where the records of running containers are. */
    public Path records() {
        return state.resolve("run");
    }

    /** Where layers that were made are kept for reuse. */
    public Path layers() {
        return storage.resolve("layers");
    }

    /** Where containers' private copies are. */
    public Path containers() {
        return storage.resolve("containers");
    }

    /** Where what shall be deleted waits for it. */
    public Path trash() {
        return storage.resolve("trash");
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new HostException("/proc/self cannot be read: " + e + "; mount proc on /proc", e);
        }
    }

    /** Makes the directories that are missing, and makes sure that nobody else can write to the others. */
    void create() {
        Path mountPoint = state.resolve("mnt");
        for (Path directory : new Path[] {state, records(), mountPoint, storage, layers(), containers(), trash()}) {
            try {
                if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(directory.getParent());
                    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
                }
                if (directory.equals(mountPoint)) {
                    // Root of a user namespace is nobody here, and must enter it; nobody else gets past its parent.
                    Files.setPosixFilePermissions(directory, ENTERABLE);
                }
                Set<PosixFilePermission> permissions =
                        Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
                if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw new HostException(directory + ": others may write to it; run chmod 700 " + directory);
                }
            } catch (IOException e) {
                throw new HostException(
                        directory + ": cannot be made or looked at: " + e
                                + "; free the path, or choose another with --state and --storage",
                        e);
            }
        }
    }
}
