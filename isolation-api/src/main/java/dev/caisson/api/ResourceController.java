package dev.caisson.api;

import java.util.Map;

/** A backend that limits and measures what a container uses: cgroup version 1 or 2. */
public interface ResourceController extends Backend {

    /**
     * The steps that make the container's group, set and read back the limits of {@link LaunchRequest#spec()}, put the child into the
     * group before it does anything else, collect the usage, and remove the group. A pure function.
     */
    Contribution contribute(LaunchRequest request);

    /**
     * Reads the usage from what the teardown collected.
     *
     * @param collected the text of each collected file, by the key of its {@link dev.caisson.program.Op.CollectFile}
     */
    ResourceUsage usage(Map<String, String> collected);
}
