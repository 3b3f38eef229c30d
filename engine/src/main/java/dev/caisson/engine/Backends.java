package dev.caisson.engine;

import dev.caisson.api.Backend;
import dev.caisson.api.Isolator;
import dev.caisson.api.ResourceController;
import dev.caisson.api.RootfsProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

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

    /** The first by class name takes a name that two want: which one works must not depend on chance. */
    private static <B extends Backend> Map<String, B> byName(String kind, Collection<B> backends, List<String> broken) {
        Map<String, B> byName = new TreeMap<>();
        List<B> ordered = backends.stream()
                .sorted(Comparator.comparing(backend -> backend.getClass().getName()))
                .toList();
        for (B backend : ordered) {
            String name;
            try {
                name = Objects.requireNonNull(backend.name());
            } catch (RuntimeException | LinkageError e) {
                broken.add("the " + kind + " " + backend.getClass().getName() + " does not tell its name: " + e);
                continue;
            }
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
