package dev.caisson.cgroupv1;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.LaunchRequest;
import dev.caisson.program.Errno;
import dev.caisson.program.Step;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The number of processes and threads: {@code Documentation/admin-guide/cgroup-v1/pids.rst}.
 *
 * <p>It also serves to end a container that has no pid namespace. With a limit of zero nothing can fork any more, so that killing what is
 * listed comes to an end. The usual freezer would take a hierarchy more and three steps, since what is frozen does not die.
 */
final class Pids implements Controller {

    private static final String LIMIT = "pids.max";
    private static final String EVENTS = "pids.events";

    @Override
    public String name() {
        return "pids";
    }

    @Override
    public Set<Feature> offers(Host host, String mount) {
        return Set.of(Feature.PIDS, Feature.KILL_ALL);
    }

    @Override
    public boolean wanted(LaunchRequest request) {
        return request.spec().resources().pids() != null || !request.has(Feature.PID_NAMESPACE);
    }

    @Override
    public List<Step> limit(Group group, LaunchRequest request) {
        Long pids = request.spec().resources().pids();
        return pids == null ? List.of() : group.set(LIMIT, pids.toString());
    }

    @Override
    public List<String> reports() {
        return List.of(EVENTS);
    }

    /** Lets no process of the group fork. */
    static Step stopForks(Group group) {
        return Step.write(group.file(LIMIT), "0").tolerating(Errno.ENOENT, Errno.ENODEV);
    }

    /** How often a new process was refused. */
    static long refused(Map<String, String> collected) {
        return Reports.number(collected, EVENTS, "max").orElse(0);
    }
}
