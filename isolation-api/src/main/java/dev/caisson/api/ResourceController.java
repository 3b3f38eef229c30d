package dev.caisson.api;

import java.util.Map;
import java.util.Optional;

/** A backend that limits and measures what a container uses: cgroup version 1 or 2. */
public interface ResourceController extends Backend {

    /**
     * The steps that make the container's group, set and read back the limits of {@link LaunchRequest#spec()}, put the child into the
     * group before it does anything else, collect the usage, end what is left in the group, and remove it. It reads at most files of
     * {@link LaunchRequest#host()}, changes nothing and needs no privilege.
     */
    Contribution contribute(LaunchRequest request);

    /** The clock of the container's processor time, for {@link dev.caisson.program.Op.Supervise}; empty if the group has none. */
    Optional<CpuClock> cpuClock(LaunchRequest request);

    /**
     * Reads the usage from what the teardown collected.
     *
     * @param collected the text of each collected file, by the key of its {@link dev.caisson.program.Op.CollectFile}
     */
    ResourceUsage usage(Map<String, String> collected);

    /**
     * A file that tells how much processor time all processes of the container have used together.
     *
     * @param path its path on the host
     * @param unitNanos what one unit of its first number is, in nanoseconds
     */
    record CpuClock(String path, long unitNanos) {}
}
