package dev.caisson.engine;

import dev.caisson.api.Backend;
import dev.caisson.api.Isolator;
import dev.caisson.api.ResourceController;
import dev.caisson.api.RootfsProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The backends that were discovered, by kind and name.
 *
 * <p>A provider that cannot be loaded, or that takes a name which another has, becomes an entry in {@link #broken()} and does not keep the
 * others from working.
 */
public record Backends(
        Map<String, Isolator> isolators,
        Map<String, RootfsProvider> rootfsProviders,
        Map<String, ResourceController> controllers,
        List<String> broken) {

    public Backends {
        isolators = Map.copyOf(isolators);
        rootfsProviders = Map.copyOf(rootfsProviders);
        controllers = Map.copyOf(controllers);
        broken = List.copyOf(broken);
    }

    /** Everything that was discovered, isolators first, each kind by name. */
    public List<Backend> all() {
        return List.of(isolators, rootfsProviders, controllers).stream()
                .flatMap(kind -> new TreeMap<String, Backend>(kind).values().stream())
                .toList();
    }

    static Backends of(
            Set<Isolator> isolators,
            Set<RootfsProvider> providers,
            Set<ResourceController> controllers,
            List<String> broken) {
        List<String> problems = new ArrayList<>(broken);
        return new Backends(
                byName("isolator", isolators, problems),
                byName("rootfs provider", providers, problems),
                byName("resource controller", controllers, problems),
                problems);
    }

    /** Asks ServiceLoader; what it cannot load is added to {@code broken} in a sentence. */
    static <B extends Backend> Set<B> discover(Class<B> spi, ClassLoader classLoader, List<String> broken) {
        return ServiceLoader.load(spi, classLoader).stream()
                .flatMap(provider -> {
                    try {
                        return java.util.stream.Stream.of(provider.get());
                    } catch (java.util.ServiceConfigurationError | LinkageError e) {
                        broken.add(spi.getSimpleName() + " " + provider.type().getName() + " cannot be loaded: " + e);
                        return java.util.stream.Stream.empty();
                    }
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    private static <B extends Backend> Map<String, B> byName(String kind, Collection<B> backends, List<String> broken) {
        Map<String, B> byName = new TreeMap<>();
        for (B backend : backends) {
            String name = backend.name();
            if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
                broken.add(
                        "the " + kind + " " + backend.getClass().getName() + " has no proper name: \"" + name + "\"");
            } else if (byName.putIfAbsent(name, backend) != null) {
                broken.add("two " + kind + "s are named " + name + ": "
                        + byName.get(name).getClass().getName() + " is taken, "
                        + backend.getClass().getName() + " is not");
            }
        }
        return byName;
    }
}
