package dev.caisson.cgroupv1;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.LaunchRequest;
import dev.caisson.program.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Accounts processor time: {@code Documentation/admin-guide/cgroup-v1/cpuacct.rst}. Wanted where the time of all processes together is
 * limited; where its hierarchy is joined anyway, its report costs next to nothing.
 */
final class Cpuacct implements Controller {

    /** The time used by all processes of the group, dead ones included, in nanoseconds. */
    static final String USAGE = "cpuacct.usage";

    @Override
    public String name() {
        return "cpuacct";
    }

    @Override
    public Set<Feature> offers(Host host, String mount) {
        return Set.of(Feature.CPU_CLOCK);
    }

    @Override
    public boolean wanted(LaunchRequest request) {
        return !request.spec().timeouts().cpu().isZero();
    }

    @Override
    public List<Step> limit(Group group, LaunchRequest request) {
        return List.of();
    }

    @Override
    public List<String> reports() {
        return List.of(USAGE);
    }

    /** The processor time that was used. */
    static Optional<Duration> used(Map<String, String> collected) {
        return Reports.number(collected, USAGE).stream()
                .mapToObj(Duration::ofNanos)
                .findFirst();
    }
}
