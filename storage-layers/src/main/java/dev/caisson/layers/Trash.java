package dev.caisson.layers;

import dev.caisson.api.HostException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Deletes trees that containers have left, however hostile.
 *
 * <p>Everything is done relative to descriptors of directories and without following a link. A directory inside a directory that is not
 * empty is first moved up to the trash itself: so neither depth nor the length of paths matters, two descriptors are enough, and
 * nothing that is mounted somewhere inside is ever entered, as the kernel refuses to move it.
 */
public final class Trash {

    private final Path trash;
    private final SecureDirectoryStream<Path> top;
    private final String prefix = ".up-" + UUID.randomUUID() + "-";
    private int moved;

    private Trash(Path trash, SecureDirectoryStream<Path> top) {
        this.trash = trash;
        this.top = top;
    }

    /**
     * Deletes everything in a directory, which itself stays. Two at once are fine.
     *
     * @param trashDirectory a directory that containers cannot reach; if it does not exist it counts as empty
     * @throws HostException if something could not be deleted; everything else is deleted then
     */
    public static void empty(Path trashDirectory) {
        if (!Files.isDirectory(trashDirectory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(trashDirectory)) {
            if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
                throw new HostException(trashDirectory + " is on a file system whose provider is not the default one");
            }
            new Trash(trashDirectory, secure).empty();
        } catch (DirectoryIteratorException e) {
            throw cannotEmpty(trashDirectory, new IOException(e));
        } catch (IOException e) {
            throw cannotEmpty(trashDirectory, e);
        }
    }

    /** Goes over the trash until it is empty or a whole round has achieved nothing: directories are moved into it meanwhile. */
    private void empty() throws IOException {
        while (true) {
            List<Path> names = names();
            if (names.isEmpty()) {
                return;
            }
            IOException first = null;
            boolean progress = false;
            for (Path name : names) {
                int movedBefore = moved;
                try {
                    delete(name);
                    progress = true;
                } catch (NoSuchFileException e) {
                    progress = true; // somebody else empties it too
                } catch (IOException e) {
                    progress |= moved > movedBefore;
                    first = first == null ? e : first;
                }
            }
            if (!progress && first != null) {
                throw first;
            }
        }
    }

    private List<Path> names() throws IOException {
        List<Path> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = top.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS)) {
            entries.forEach(entry -> names.add(entry.getFileName()));
        }
        return names;
    }

    private void delete(Path name) throws IOException {
        if (!isDirectory(top, name)) {
            top.deleteFile(name);
        } else if (!deletedEmpty(top, name)) {
            IOException failure = null;
            try (SecureDirectoryStream<Path> entries = open(name)) {
                for (Path entry : entries) {
                    try {
                        clear(entries, name, entry.getFileName());
                    } catch (NoSuchFileException e) {
                        // somebody else empties it too
                    } catch (IOException e) {
                        failure = failure == null ? e : failure;
                    }
                }
            }
            if (failure != null) {
                throw failure;
            }
            top.deleteDirectory(name);
        }
    }

    /** Gets an entry out of its directory: deleted, or moved up. */
    private void clear(SecureDirectoryStream<Path> parent, Path parentName, Path name) throws IOException {
        try {
            clear(parent, name);
        } catch (AccessDeniedException e) {
            // Never for root. Both must be writable: the parent to lose an entry, a directory to get another "..".
            permit(trash.resolve(parentName));
            if (isDirectory(parent, name)) {
                permit(trash.resolve(parentName).resolve(name));
            }
            clear(parent, name);
        }
    }

    private void clear(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        if (!isDirectory(parent, name)) {
            parent.deleteFile(name);
        } else if (!deletedEmpty(parent, name)) {
            parent.move(name, top, Path.of(prefix + moved));
            moved++;
        }
    }

    private static boolean isDirectory(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        return parent.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
    }

    private static boolean deletedEmpty(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        try {
            parent.deleteDirectory(name);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    private SecureDirectoryStream<Path> open(Path name) throws IOException {
        try {
            return top.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        } catch (AccessDeniedException e) {
            permit(trash.resolve(name));
            return top.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Lets the owner into a directory. By path, as the class library opens a file to change its mode, which the mode may forbid. */
    private static void permit(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    private static HostException cannotEmpty(Path directory, IOException e) {
        return new HostException(
                "cannot empty " + directory + ": " + HostTree.reason(e)
                        + "; delete it by hand, with chattr -i if it is immutable",
                e);
    }
}
