package dev.caisson.api;

import java.util.Set;

/**
 * The five capability sets of a thread, as in capabilities(7).
 *
 * <p>The inheritable set always equals the ambient set: an inheritable capability that is not ambient only helps programs with file
 * capabilities to more than they were given (CVE-2022-29162).
 *
 * @param bounding what can ever be gained
 * @param effective what counts; a user other than root loses it at execve unless ambient
 * @param permitted what may be made effective
 * @param ambient what survives execve of an ordinary program
 */
public record CapabilitySets(
        Set<Capability> bounding, Set<Capability> effective, Set<Capability> permitted, Set<Capability> ambient) {

    /** What Docker gives: its default set, nothing ambient. */
    public static final CapabilitySets DOCKER_DEFAULT = of(Capability.DOCKER_DEFAULT, Set.of());

    public CapabilitySets {
        bounding = Set.copyOf(bounding);
        effective = Set.copyOf(effective);
        permitted = Set.copyOf(permitted);
        ambient = Set.copyOf(ambient);
        if (!permitted.containsAll(effective) || !permitted.containsAll(ambient)) {
            throw new IllegalArgumentException("effective and ambient capabilities must be permitted ones");
        }
    }

    /** One set for bounding, effective and permitted, and another for ambient, which it contains. */
    public static CapabilitySets of(Set<Capability> set, Set<Capability> ambient) {
        return new CapabilitySets(set, set, set, ambient);
    }

    /** The inheritable set: the ambient one. */
    public Set<Capability> inheritable() {
        return ambient;
    }
}
