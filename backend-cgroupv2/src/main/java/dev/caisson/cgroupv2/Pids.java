package dev.caisson.cgroupv2;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.ResourceLimits;
import dev.caisson.program.Step;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The number of processes and threads: "PID" in {@code Documentation/admin-guide/cgroup-v2.rst}. */
final class Pids implements Controller {

    private static final String EVENTS = "pids.events";

    @Override
    public String name() {
        return "pids";
    }

    @Override
    public Set<Feature> offers(Host host) {
        return Set.of(Feature.PIDS);
    }

    @Override
    public boolean wanted(ResourceLimits limits) {
        return limits.pids() != null;
    }

    @Override
    public List<Step> limit(Group group, ResourceLimits limits) {
        Long pids = limits.pids();
        return pids == null ? List.of() : group.set("pids.max", pids.toString());
    }

    @Override
    public List<String> reports() {
        return List.of(EVENTS);
    }

    /** How often a new process was refused. */
    static long refused(Map<String, String> collected) {
        return Reports.number(collected, EVENTS, "max").orElse(0);
    }
}
