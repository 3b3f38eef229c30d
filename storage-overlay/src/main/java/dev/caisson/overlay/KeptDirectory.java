package dev.caisson.overlay;

import dev.caisson.api.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A directory of the host in which a container's files are kept from one run to the next. */
final class KeptDirectory {

    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> A_ROOT = PosixFilePermissions.fromString("rwxr-xr-x");

    private KeptDirectory() {}

    /** Makes what of it is not there yet. */
    static void prepare(Path keep) {
        try {
            if (!Files.isDirectory(keep)) {
                Files.createDirectories(keep);
                Files.setPosixFilePermissions(keep, OURS_ALONE);
            }
            refuseOthers(keep);
            make(keep.resolve("upper"), A_ROOT); // what the container sees as its root directory
            make(keep.resolve("work"), OURS_ALONE);
        } catch (IOException e) {
            throw new HostException(
                    "overlay: cannot prepare the kept directory " + keep + ": " + e + "; check its permissions", e);
        }
    }

    /** What root in the container makes set-user-id is so on the host too: nobody may get there. */
    private static void refuseOthers(Path keep) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(keep);
        if (permissions.contains(PosixFilePermission.GROUP_EXECUTE)
                || permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
            throw new HostException("overlay: other users can enter the kept directory " + keep
                    + ", and could run set-user-id programs that a container has put there; chmod 700 " + keep);
        }
    }

    private static void make(Path directory, Set<PosixFilePermission> permissions) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, permissions);
        }
    }
}
