package dev.caisson.engine;

import dev.caisson.api.ContainerSpec;
import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.api.Isolator;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.ResourceController;
import dev.caisson.api.RootfsProvider;
import dev.caisson.api.Settings;
import dev.caisson.api.Site;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A container before its start: what it shall be, and the backends that will make it so.
 *
 * @param site its names and places
 * @param spec what it shall be
 * @param isolators the chosen isolators, in the profile's order
 * @param rootfs the chosen provider, if the container has a root of its own
 * @param controller the chosen controller, if any
 * @param features what all of them offer together
 * @param findings what their probes found, by backend
 * @param host the machine
 */
public record Plan(
        Site site,
        ContainerSpec spec,
        List<Chosen<Isolator>> isolators,
        Optional<Chosen<RootfsProvider>> rootfs,
        Optional<Chosen<ResourceController>> controller,
        Set<Feature> features,
        List<Observation> findings,
        Host host) {

    /** A finding of one backend. */
    public record Observation(String backend, Finding finding) {
        @Override
        public String toString() {
            return backend + ": " + finding;
        }
    }

    public Plan {
        isolators = List.copyOf(isolators);
        features = Set.copyOf(features);
        findings = List.copyOf(findings);
    }

    /** Whether some chosen backend offers this. */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** The same plan for another container. */
    Plan at(Site other) {
        return new Plan(other, spec, isolators, rootfs, controller, features, findings, host);
    }

    /** What a backend is asked with. */
    public LaunchRequest request(Settings settings) {
        return new LaunchRequest(site, spec, settings, features, host);
    }

    /** Refuses, with the first reason, what a probe says cannot work on this host. */
    public void requireSupported() {
        findings.stream()
                .filter(observation -> observation.finding().severity() == Finding.Severity.BLOCKER)
                .findFirst()
                .ifPresent(observation -> {
                    throw new HostException(observation.toString());
                });
    }
}
