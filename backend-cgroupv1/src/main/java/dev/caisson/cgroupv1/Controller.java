package dev.caisson.cgroupv1;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.LaunchRequest;
import dev.caisson.program.Step;
import java.util.List;
import java.util.Set;

/** A controller: which limits it enforces and what it tells of the use. */
interface Controller {

    /** Those that this backend knows. */
    List<Controller> ALL = List.of(new Memory(), new Cpu(), new Cpuacct(), new Cpuset(), new Pids());

    /** The kernel's name for it. */
    String name();

    /** What it can do on this host, where its hierarchy is mounted there. */
    Set<Feature> offers(Host host, String mount);

    /** Whether a container needs it. */
    boolean wanted(LaunchRequest request);

    /** The steps that set its limits in a container's group; also called where another controller of the same hierarchy is wanted. */
    List<Step> limit(Group group, LaunchRequest request);

    /** The group's files to read when the container has ended. */
    List<String> reports();
}
