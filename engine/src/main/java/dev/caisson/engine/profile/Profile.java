package dev.caisson.engine.profile;

import dev.caisson.api.ContainerSpec;
import dev.caisson.api.RootfsSpec;
import dev.caisson.layers.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A profile, read and checked: what a container shall be, as far as that can be said without the host.
 *
 * <p>{@link ProfileReader} reads one from a file, {@link #builder} makes one in code.
 *
 * @param spec the container; its root file system has no layers yet, as they may have to be made
 * @param layers the layers, the lowest first; at least one
 */
public record Profile(ContainerSpec spec, List<PlacedLayer> layers) {

    public Profile {
        layers = List.copyOf(layers);
    }

    /**
     * A layer and the place in the profile that names it.
     *
     * @param layer the layer
     * @param where the place, for errors: file:line:column
     */
    public record PlacedLayer(Layer layer, String where) {}

    /** A builder, for containers that no YAML describes. */
    public static ProfileBuilder builder() {
        return new ProfileBuilder();
    }

    /** The JSON Schema (2020-12) of profiles, for editors: one file by itself, before it extends others. */
    public static String schema() {
        try (InputStream schema = Objects.requireNonNull(Profile.class.getResourceAsStream("profile.schema.json"))) {
            return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The complete spec, when the layers are directories; one for each of {@link #layers}, in their order. */
    public ContainerSpec spec(List<Path> directories) {
        if (directories.size() != layers.size()) {
            throw new IllegalArgumentException(directories.size() + " directories for " + layers.size() + " layers");
        }
        RootfsSpec rootfs = spec.rootfs();
        return new ContainerSpec(
                spec.name(),
                spec.hostname(),
                spec.isolators(),
                new RootfsSpec(rootfs.provider(), directories, rootfs.readonly()),
                spec.controller(),
                spec.resources(),
                spec.process(),
                spec.timeouts(),
                spec.network());
    }
}
