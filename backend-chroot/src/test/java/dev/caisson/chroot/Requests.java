package dev.caisson.chroot;

import dev.caisson.api.CapabilitySets;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.Host;
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

/** Requests for contributions, with a default for everything. */
final class Requests {

    private Requests() {}

    static LaunchRequest any(Host host) {
        ContainerSpec.Selection any = new ContainerSpec.Selection("any", Settings.none(), "test:1:1");
        ProcessSpec process = new ProcessSpec(
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
                null);
        ContainerSpec spec = new ContainerSpec(
                "box",
                "box",
                List.of(any),
                new RootfsSpec(any, List.of(), false),
                any,
                ResourceLimits.NONE,
                process,
                new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1)),
                new NetworkSpec(Map.of(), List.of()));
        Site site = new Site("box", Path.of("/run/caisson"), Path.of("/var/lib/caisson"));
        return new LaunchRequest(site, spec, Settings.none(), Set.of(), host);
    }
}
