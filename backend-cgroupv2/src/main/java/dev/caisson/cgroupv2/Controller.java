package dev.caisson.cgroupv2;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.ResourceLimits;
import dev.caisson.program.Step;
import java.util.List;
import java.util.Set;

/** A controller: which limits it enforces and what it tells of the use. */
interface Controller {

    /** Those that this backend knows. */
    List<Controller> ALL = List.of(new Memory(), new Cpu(), new Cpuset(), new Pids());

    /** The kernel's name for it. */
    String name();

    /** What it can do on this host, where it is there. */
    Set<Feature> offers(Host host);

    /** Whether a container needs it. */
    boolean wanted(ResourceLimits limits);

    /** The steps that set its limits in a container's group. */
    List<Step> limit(Group group, ResourceLimits limits);

    /** The group's files to read when the container has ended. */
    List<String> reports();
}
