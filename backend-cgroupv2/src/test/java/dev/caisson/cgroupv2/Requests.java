package dev.caisson.cgroupv2;

import dev.caisson.api.CapabilitySets;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.Feature;
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
import org.jspecify.annotations.Nullable;

/** What a container may ask of the backend. */
final class Requests {

    private Requests() {}

    static LaunchRequest request(Host host, ResourceLimits limits, Feature... features) {
        return request(host, limits, Duration.ZERO, null, features);
    }

    static LaunchRequest request(
            Host host, ResourceLimits limits, Duration cpuTime, @Nullable String parent, Feature... features) {
        return new LaunchRequest(
                new Site(id(host), Path.of("/run/caisson"), Path.of("/var/lib/caisson")),
                new ContainerSpec(
                        "box",
                        "box",
                        List.of(),
                        new RootfsSpec(selection("vfs"), List.of(), false),
                        selection("cgroupv2"),
                        limits,
                        new ProcessSpec(
                                List.of("true"),
                                0,
                                0,
                                List.of(),
                                Map.of(),
                                "/",
                                0022,
                                true,
                                false,
                                true,
                                CapabilitySets.DOCKER_DEFAULT,
                                Map.of(),
                                null,
                                null,
                                null,
                                null),
                        new Timeouts(Duration.ZERO, cpuTime, Duration.ZERO),
                        new NetworkSpec(Map.of(), List.of())),
                settings(parent),
                Set.of(features),
                host);
    }

    /** On the real host an id of this JVM's own, as another run of the tests may be going on. */
    static String id(Host host) {
        return host instanceof FixtureHost
                ? "box-1"
                : "box-" + ProcessHandle.current().pid();
    }

    private static ContainerSpec.Selection selection(String name) {
        return new ContainerSpec.Selection(name, settings(null), "test");
    }

    static Settings settings(@Nullable String parent) {
        return Settings.of(new Options(parent));
    }

    /** Limits, of which a test sets some. */
    record Limits(
            @Nullable Long memory,
            @Nullable Long swap,
            @Nullable Double cpus,
            @Nullable Integer weight,
            @Nullable String cpuset,
            @Nullable Long pids) {

        static final Limits NONE = new Limits(null, null, null, null, null, null);

        Limits memory(long bytes) {
            return new Limits(bytes, swap, cpus, weight, cpuset, pids);
        }

        Limits swap(long bytes) {
            return new Limits(memory, bytes, cpus, weight, cpuset, pids);
        }

        Limits cpus(double value) {
            return new Limits(memory, swap, value, weight, cpuset, pids);
        }

        Limits weight(int value) {
            return new Limits(memory, swap, cpus, value, cpuset, pids);
        }

        Limits cpuset(String value) {
            return new Limits(memory, swap, cpus, weight, value, pids);
        }

        Limits pids(long value) {
            return new Limits(memory, swap, cpus, weight, cpuset, value);
        }

        ResourceLimits build() {
            return new ResourceLimits(memory, swap, cpus, weight, cpuset, null, pids);
        }
    }
}
