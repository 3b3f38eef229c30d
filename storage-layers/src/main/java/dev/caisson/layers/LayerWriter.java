package dev.caisson.layers;

import dev.caisson.api.HostException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * Writes a planned layer into an empty directory.
 *
 * <p>Every file is on the disk when it returns: a layer is kept for long, and one with empty files in it after a loss of power would be
 * taken for good for ever.
 */
final class LayerWriter {

    private final Path root;

    private LayerWriter(Path root) {
        this.root = root;
    }

    static void write(LayerPlan plan, Path root) throws IOException {
        LayerWriter writer = new LayerWriter(root);
        for (String directory : plan.directories().keySet()) {
            Files.createDirectories(writer.place(directory));
        }
        for (Map.Entry<String, String> link : plan.links().entrySet()) {
            Files.createSymbolicLink(writer.place(link.getKey()), Path.of(link.getValue()));
        }
        for (Map.Entry<String, LayerPlan.Source> file : plan.files().entrySet()) {
            writer.copy(file.getValue(), writer.place(file.getKey()));
        }
        for (Map.Entry<String, byte[]> text : plan.texts().entrySet()) {
            Path place = writer.place(text.getKey());
            Files.write(place, text.getValue());
            Files.setAttribute(place, "unix:mode", 0644);
            flush(place);
        }
        // Modes last, and as numbers: neither the umask nor a type without a sticky bit may change them.
        for (Map.Entry<String, Integer> directory : plan.directories().entrySet()) {
            Files.setAttribute(writer.place(directory.getKey()), "unix:mode", directory.getValue());
        }
        Files.setAttribute(root, "unix:mode", 0755);
        if (plan.directories().containsKey(Skeleton.HOME) && ownedByRoot(root)) {
            Files.setAttribute(writer.place(Skeleton.HOME), "unix:uid", Skeleton.USER);
            Files.setAttribute(writer.place(Skeleton.HOME), "unix:gid", Skeleton.USER);
        }
    }

    private Path place(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    /** With owner, mode, times and extended attributes, such as the capabilities of ping(8). */
    private void copy(LayerPlan.Source source, Path target) throws IOException {
        Files.copy(source.path(), target, StandardCopyOption.COPY_ATTRIBUTES);
        flush(target);
        if (source.changed()) {
            throw new HostException(source.path() + " changed while it was copied into a layer; try again");
        }
    }

    private static void flush(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            channel.force(true);
        }
    }

    private static boolean ownedByRoot(Path path) throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(path, "unix:uid"));
    }
}
