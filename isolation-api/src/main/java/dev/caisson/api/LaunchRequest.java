package dev.caisson.api;

import java.util.Set;

/**
 * What a backend is given to contribute to one container.
 *
 * @param site the container's names and places
 * @param spec what the profile asks for
 * @param settings what the profile says to this backend
 * @param features what all chosen backends together offer
 * @param host the machine: contributing may read its files, such as the mount table, and changes nothing on it
 */
public record LaunchRequest(Site site, ContainerSpec spec, Settings settings, Set<Feature> features, Host host) {

    public LaunchRequest {
        features = Set.copyOf(features);
    }

    /** Whether some chosen backend offers this. */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }
}
