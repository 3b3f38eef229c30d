package dev.caisson.cgroupv2;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.ProfileException;
import dev.caisson.api.ResourceLimits;
import dev.caisson.program.Errno;
import dev.caisson.program.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Processor time, by quota and by weight: "CPU" in {@code Documentation/admin-guide/cgroup-v2.rst}. Time is accounted in every group,
 * whether the controller is enabled or not.
 */
final class Cpu implements Controller {

    /** The kernel's usual period, in µs. */
    private static final long PERIOD = 100_000;

    /** The kernel's least quota, in µs. */
    private static final long LEAST_QUOTA = 1000;

    /** Its first number is the time used by all processes of the group, dead ones included, in µs. */
    static final String STAT = "cpu.stat";

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Set<Feature> offers(Host host) {
        return Set.of(Feature.CPU);
    }

    @Override
    public boolean wanted(ResourceLimits limits) {
        return limits.cpus() != null || limits.cpuWeight() != null;
    }

    @Override
    public List<Step> limit(Group group, ResourceLimits limits) {
        Double cpus = limits.cpus();
        Integer weight = limits.cpuWeight();
        List<Step> steps = new ArrayList<>();
        if (cpus != null) {
            long quota = Math.round(cpus * PERIOD);
            if (quota < LEAST_QUOTA) {
                throw new ProfileException(
                        "resources.cpus: " + cpus + " is less than Linux can enforce; ask for at least 0.01");
            }
            String value = quota + " " + PERIOD;
            steps.add(Step.write(group.file("cpu.max"), value)
                    .hint(Errno.EINVAL, "ask for fewer processors than " + cpus));
            steps.add(group.expect("cpu.max", value));
        }
        if (weight != null) {
            steps.addAll(group.set("cpu.weight", weight.toString()));
        }
        return steps;
    }

    @Override
    public List<String> reports() {
        return List.of(); // the group itself has the one that is of use
    }

    /** The processor time that was used. */
    static Optional<Duration> used(Map<String, String> collected) {
        return Reports.number(collected, STAT, "usage_usec").stream()
                .mapToObj(micros -> Duration.ofNanos(micros * 1000))
                .findFirst();
    }
}
