package dev.caisson.engine.profile;

import dev.caisson.engine.profile.Profile.PlacedLayer;
import dev.caisson.layers.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A layer: a directory of the host, or programs of the host. */
final class LayerShape implements Shape<PlacedLayer> {

    private static final Key<List<String>> HOST = Key.required(
            "host",
            new ListShape<>(
                    ScalarShape.matching(
                            "the name or the absolute path of a program", "sh or /usr/bin/sh", "/.+|[^/]+"),
                    1,
                    "[sh, ls]"),
            "name the programs, as in {host: [sh, ls]}",
            "Programs of the host, with the shared libraries that they need.");

    private static final Struct<Layer> PROGRAMS =
            new Struct<>(List.of(HOST), fields -> new Layer.HostPrograms(fields.get(HOST)), true);

    @Override
    public PlacedLayer read(Node node) {
        Layer layer = node instanceof Node.Mapping ? PROGRAMS.read(node) : new Layer.Directory(directory(node));
        return new PlacedLayer(layer, node.mark().toString());
    }

    /** Found now rather than in the middle of a start, without symbolic links on the way. */
    private static Path directory(Node node) {
        Path path = PathShape.ANY.read(node);
        if (!Files.exists(path)) {
            throw node.mark().error("no such directory: " + path + "; make it, or correct the path");
        }
        if (!Files.isDirectory(path)) {
            throw node.mark().error("not a directory: " + path + "; unpack it, and name the directory");
        }
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw node.mark().error("cannot be reached: " + path + ": " + e.getMessage() + "; check its permissions");
        }
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.anyOf(List.of(PathShape.ANY.schema(), PROGRAMS.schema()));
    }
}
