package dev.caisson.engine.profile;

import dev.caisson.api.ContainerSpec.Selection;
import dev.caisson.engine.profile.Profile.PlacedLayer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code rootfs}: layers, and who makes a root of them. */
final class RootfsShape {

    private static final Key<Selection> PROVIDER = Key.optional(
            "provider",
            SelectionShape.DEFINED,
            "The root file system provider: auto (the default) for the best that works here, or a name, with settings or without.");
    private static final Key<List<PlacedLayer>> LAYERS = Key.required(
            "layers",
            new ListShape<>(new LayerShape(), 1, "[{host: [sh, ls]}] or [/srv/root]"),
            "name at least one, as in layers: [{host: [sh, ls]}] or layers: [/srv/root]",
            "What the root consists of, the lowest first: directories of the host, or {host: [programs]}. They are read-only, changes go elsewhere. Required.");
    private static final Key<Boolean> READONLY =
            Key.of("readonly", ScalarShape.bool(), false, "Whether the container sees its root read-only.");

    static final Struct<Rootfs> SHAPE = Struct.section(
            List.of(PROVIDER, LAYERS, READONLY),
            fields -> new Rootfs(fields.find(PROVIDER), fields.get(LAYERS), fields.get(READONLY)));

    private RootfsShape() {}

    /**
     * What the section says.
     *
     * @param provider the chosen provider; null for the default
     * @param layers the layers, the lowest first
     * @param readonly whether the root is read-only
     */
    record Rootfs(@Nullable Selection provider, List<PlacedLayer> layers, boolean readonly) {}
}
