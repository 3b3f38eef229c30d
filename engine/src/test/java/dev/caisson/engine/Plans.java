package dev.caisson.engine;

import dev.caisson.api.Backend;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.Isolator;
import dev.caisson.api.ResourceController;
import dev.caisson.api.RootfsProvider;
import dev.caisson.api.Site;
import dev.caisson.engine.profile.ProfileBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Plans of fake backends on a fake host. */
final class Plans {

    static final Site SITE = new State(Path.of("/run/caisson"), Path.of("/var/lib/caisson")).site("test-1");

    private Plans() {}

    /** Resolves a profile with these backends to choose from. */
    static Plan resolve(ProfileBuilder profile, Backend... backends) {
        return resolve(profile.build().spec(List.of(Path.of("/layer"))), backends);
    }

    /** Resolves a spec with these backends to choose from. */
    static Plan resolve(ContainerSpec spec, Backend... backends) {
        FakeHost host = FakeHost.empty();
        return new Resolver(backends(backends), new Probes(host), host).resolve(SITE, spec);
    }

    /** The backends as discovery gives them. */
    static Backends backends(Backend... backends) {
        List<Isolator> isolators = new ArrayList<>();
        List<RootfsProvider> providers = new ArrayList<>();
        List<ResourceController> controllers = new ArrayList<>();
        for (Backend backend : backends) {
            if (backend instanceof Isolator isolator) {
                isolators.add(isolator);
            } else if (backend instanceof RootfsProvider provider) {
                providers.add(provider);
            } else {
                controllers.add((ResourceController) backend);
            }
        }
        return new Backends(byName(isolators), byName(providers), byName(controllers), List.of());
    }

    private static <B extends Backend> Map<String, B> byName(List<B> backends) {
        return backends.stream().collect(Collectors.toMap(Backend::name, Function.identity()));
    }
}
