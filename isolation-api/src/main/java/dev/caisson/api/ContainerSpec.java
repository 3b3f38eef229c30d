package dev.caisson.api;

import java.util.List;

/**
 * What a container shall be: a profile, read and checked, with every default in place.
 *
 * @param name the name, from which ids derive: lower case letters, digits and hyphens
 * @param hostname the host name inside, where there is a UTS namespace
 * @param isolators the chosen isolators, in the profile's order, without repetition
 * @param rootfs the root file system
 * @param controller the chosen resource controller; the name {@code auto} lets the engine choose, {@code none} takes none
 * @param resources the limits
 * @param process the command and what it is given
 * @param timeouts how long things may take
 * @param network names and name servers
 */
public record ContainerSpec(
        String name,
        String hostname,
        List<Selection> isolators,
        RootfsSpec rootfs,
        Selection controller,
        ResourceLimits resources,
        ProcessSpec process,
        Timeouts timeouts,
        NetworkSpec network) {

    public ContainerSpec {
        isolators = List.copyOf(isolators);
    }

    /**
     * A backend chosen by name.
     *
     * @param name the backend's name
     * @param settings what the profile says to it
     * @param where the place in the profile, for errors: file:line:column
     */
    public record Selection(String name, Settings settings, String where) {}
}
