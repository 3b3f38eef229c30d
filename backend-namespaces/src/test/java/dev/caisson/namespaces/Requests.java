package dev.caisson.namespaces;

import dev.caisson.api.CapabilitySets;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.Contribution;
import dev.caisson.api.Host;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.NetworkSpec;
import dev.caisson.api.Phase;
import dev.caisson.api.ProcessSpec;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.RootfsSpec;
import dev.caisson.api.Settings;
import dev.caisson.api.Site;
import dev.caisson.api.Timeouts;
import dev.caisson.program.Namespace;
import dev.caisson.program.ProgramText;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests for contributions, with a default for everything that a test does not care about. */
final class Requests {

    private Requests() {}

    static Contribution contribution(NamespacesSettings settings) {
        return new NamespaceIsolator().contribute(request(Settings.of(settings), FakeHost.willing()));
    }

    static LaunchRequest request(Settings settings, Host host) {
        return request(settings, process(CapabilitySets.DOCKER_DEFAULT, true), host);
    }

    static LaunchRequest request(Settings settings, ProcessSpec process, Host host) {
        Site site = new Site("box", Path.of("/run/caisson"), Path.of("/var/lib/caisson"));
        ContainerSpec.Selection any = new ContainerSpec.Selection("any", Settings.none(), "test:1:1");
        ContainerSpec spec = new ContainerSpec(
                "box",
                "box.example",
                List.of(any),
                new RootfsSpec(any, List.of(), false),
                any,
                ResourceLimits.NONE,
                process,
                new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1)),
                new NetworkSpec(Map.of(), List.of()));
        return new LaunchRequest(site, spec, settings, Set.of(), host);
    }

    static ProcessSpec process(CapabilitySets capabilities, boolean noNewPrivileges) {
        return process(0, capabilities, noNewPrivileges);
    }

    static ProcessSpec process(int user, CapabilitySets capabilities, boolean noNewPrivileges) {
        return new ProcessSpec(
                List.of("true"),
                user,
                0,
                List.of(),
                Map.of(),
                "/",
                022,
                true,
                false,
                noNewPrivileges,
                capabilities,
                Map.of(),
                null,
                null,
                null,
                null);
    }

    /** What a profile that says nothing means. */
    static NamespacesSettings defaults() {
        return Settings.none().as(NamespacesSettings.class);
    }

    /** The defaults with these namespaces switched. */
    static NamespacesSettings with(Map<Namespace, Boolean> switches) {
        return settings(switches, List.of(), List.of(), null);
    }

    static NamespacesSettings settings(
            Map<Namespace, Boolean> switches, List<IdRange> uids, List<IdRange> gids, @Nullable ClockOffsets clocks) {
        return new NamespacesSettings(
                switches.get(Namespace.MOUNT),
                switches.get(Namespace.PID),
                switches.get(Namespace.UTS),
                switches.get(Namespace.IPC),
                switches.get(Namespace.NETWORK),
                switches.get(Namespace.CGROUP),
                switches.get(Namespace.USER),
                switches.get(Namespace.TIME),
                uids,
                gids,
                clocks,
                List.of(),
                List.of(),
                List.of(),
                null);
    }

    static NamespacesSettings masking(List<String> mask, List<String> readonly, List<String> unmask) {
        return new NamespacesSettings(
                null, null, null, null, null, null, null, null, List.of(), List.of(), null, mask, readonly, unmask,
                null);
    }

    /** The calls of a phase, as they read. */
    static List<String> calls(Contribution contribution, Phase phase) {
        return calls(contribution.child().getOrDefault(phase, List.of()));
    }

    static List<String> calls(List<Step> steps) {
        return steps.stream().map(ProgramText::of).toList();
    }
}
