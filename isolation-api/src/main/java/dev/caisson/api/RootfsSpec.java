package dev.caisson.api;

import java.nio.file.Path;
import java.util.List;

/**
 * The root file system that a container gets.
 *
 * @param provider the chosen provider; {@code auto} lets the engine choose
 * @param layers directories of the host, the lowest first; each is read-only to the container. The engine has made them by the time
 *     that {@link RootfsProvider#prepare} runs
 * @param readonly whether the container sees its root read-only
 */
public record RootfsSpec(ContainerSpec.Selection provider, List<Path> layers, boolean readonly) {
    public RootfsSpec {
        layers = List.copyOf(layers);
    }
}
