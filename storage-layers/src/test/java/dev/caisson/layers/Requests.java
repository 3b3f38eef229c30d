package dev.caisson.layers;

import dev.caisson.api.CapabilitySets;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.Feature;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.NetworkSpec;
import dev.caisson.api.ProcessSpec;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.RootfsSpec;
import dev.caisson.api.Settings;
import dev.caisson.api.Site;
import dev.caisson.api.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Requests for contributions, with something for everything that a root file system provider does not look at. */
public final class Requests {

    /** Places for tests that only look at steps. */
    public static final Site NOWHERE = new Site("box", Path.of("/state"), Path.of("/storage"));

    private Requests() {}

    /** A request. */
    public static LaunchRequest request(
            Site site, List<Path> layers, Settings settings, boolean readonly, Set<Feature> features) {
        ContainerSpec.Selection any = new ContainerSpec.Selection("any", settings, "test:1:1");
        ContainerSpec spec = new ContainerSpec(
                "box",
                "box",
                List.of(any),
                new RootfsSpec(any, layers, readonly),
                any,
                ResourceLimits.NONE,
                new ProcessSpec(
                        List.of("true"),
                        0,
                        0,
                        List.of(),
                        Map.of(),
                        "/",
                        022,
                        true,
                        false,
                        true,
                        CapabilitySets.DOCKER_DEFAULT,
                        Map.of(),
                        null,
                        null,
                        null,
                        null),
                new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1)),
                new NetworkSpec(Map.of(), List.of()));
        return new LaunchRequest(site, spec, settings, features, FixedHost.willing());
    }
}
