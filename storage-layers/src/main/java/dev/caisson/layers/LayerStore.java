package dev.caisson.layers;

import dev.caisson.api.HostException;
import dev.caisson.api.ProfileException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The layers that have been made, by what is in them.
 *
 * <p>A layer that is made is never changed again. Its directory is named after its content, so another version of a program on the host
 * makes another layer. It is made under a temporary name and renamed when complete: two makers at once are fine, and a maker that is
 * killed leaves only what {@link #removeAbandoned} finds.
 */
public final class LayerStore {

    private static final String TEMPORARY = ".new-";

    private final Path directory;
    private final Path hostRoot;

    /**
     * A store.
     *
     * @param directory where made layers lie; created when the first is made
     * @param hostRoot the directory below which the host's files are looked up: "/", or a fixture
     */
    public LayerStore(Path directory, Path hostRoot) {
        this.directory = directory.toAbsolutePath();
        this.hostRoot = hostRoot.toAbsolutePath();
    }

    /**
     * The directory that a layer is, or will be once made; reads the host's files, writes nothing and needs no privilege.
     *
     * @throws ProfileException if the layer names what is not there
     * @throws HostException if the host lacks what a program needs, or does not let it be read
     */
    public Path pathOf(Layer layer) {
        return located(layer).path();
    }

    /**
     * The directory that a layer is, made now if it is not there yet.
     *
     * @throws ProfileException if the layer names what is not there
     * @throws HostException if the host lacks what a program needs, or the layer cannot be written
     */
    public Path materialize(Layer layer) {
        Located located = located(layer);
        if (located.plan().isPresent() && !Files.isDirectory(located.path())) {
            make(located.plan().get(), located.path());
        }
        return located.path();
    }

    /** What makers have left that were killed. */
    public List<Path> abandoned() {
        List<Path> abandoned = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, TEMPORARY + "*")) {
                for (Path entry : entries) {
                    if (ProcessHandle.of(makerOf(entry)).isEmpty()) {
                        abandoned.add(entry);
                    }
                }
            } catch (IOException e) {
                throw new HostException("cannot read " + directory + ": " + HostTree.reason(e), e);
            }
        }
        return abandoned;
    }

    /** Removes it. */
    public void removeAbandoned() {
        for (Path entry : abandoned()) {
            try {
                remove(entry);
            } catch (IOException e) {
                throw new HostException("cannot remove " + entry + ": " + HostTree.reason(e), e);
            }
        }
    }

    private record Located(Path path, Optional<LayerPlan> plan) {}

    private Located located(Layer layer) {
        if (layer instanceof Layer.HostPrograms programs) {
            LayerPlan plan = HostProgramsPlan.of(programs.programs(), new HostTree(hostRoot));
            return new Located(directory.resolve("host-" + plan.key()), Optional.of(plan));
        }
        Path path = ((Layer.Directory) layer).path().toAbsolutePath();
        if (!Files.isDirectory(path)) {
            throw new ProfileException("the layer " + path
                    + (Files.exists(path) ? " is not a directory" : " does not exist")
                    + "; name a directory that holds a root file system");
        }
        return new Located(path, Optional.empty());
    }

    private void make(LayerPlan plan, Path target) {
        try {
            Files.createDirectories(directory);
            Path temporary = Files.createTempDirectory(
                    directory,
                    TEMPORARY + ProcessHandle.current().pid() + "-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                LayerWriter.write(plan, temporary);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!Files.isDirectory(target)) { // else another maker was faster, and its layer is as good
                    throw e;
                }
            } finally {
                remove(temporary);
            }
        } catch (IOException e) {
            throw new HostException(
                    "cannot make the layer " + target + ": " + HostTree.reason(e)
                            + "; check that its directory can be written and has space",
                    e);
        }
    }

    private static long makerOf(Path temporary) {
        try {
            return Long.parseLong(String.valueOf(temporary.getFileName()).split("-", -1)[1]);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // nobody's
        }
    }

    private static void remove(Path tree) throws IOException {
        if (Files.isDirectory(tree)) {
            Trash.empty(tree);
            Files.delete(tree);
        }
    }
}
