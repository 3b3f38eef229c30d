package dev.caisson.cgroupv1;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.ProfileException;
import dev.caisson.api.ResourceLimits;
import dev.caisson.program.Errno;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Processor time, by quota and by weight: {@code Documentation/scheduler/sched-bwc.rst} and {@code sched-design-CFS.rst}.
 *
 * <p>A weight, which is 100 unless changed, becomes shares, which are 1024 unless changed, by the kernel's own formula for the weights of
 * version 2: a container gets the same part of a processor under both. The linear mapping of 1 to 10000 onto 2 to 262144 that older
 * runtimes use would make an ordinary weight of 100 two and a half times that of a group nobody touched.
 */
final class Cpu implements Controller {

    /** The kernel's period, in µs, for every new group. */
    private static final long PERIOD = 100_000;

    /** The kernel's least quota, in µs. */
    private static final long LEAST_QUOTA = 1000;

    private static final String QUOTA = "cpu.cfs_quota_us";

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Set<Feature> offers(Host host, String mount) {
        return host.read(mount + "/" + QUOTA).isPresent() ? Set.of(Feature.CPU) : Set.of();
    }

    @Override
    public boolean wanted(LaunchRequest request) {
        ResourceLimits limits = request.spec().resources();
        return limits.cpus() != null || limits.cpuWeight() != null;
    }

    @Override
    public List<Step> limit(Group group, LaunchRequest request) {
        Double cpus = request.spec().resources().cpus();
        Integer weight = request.spec().resources().cpuWeight();
        List<Step> steps = new ArrayList<>();
        if (cpus != null) {
            long quota = Math.round(cpus * PERIOD);
            if (quota < LEAST_QUOTA) {
                throw new ProfileException(
                        "resources.cpus: " + cpus + " is less than Linux can enforce; ask for at least 0.01");
            }
            steps.add(Step.write(group.file(QUOTA), Long.toString(quota))
                    .hint(Errno.EINVAL, "the group " + group.parent() + " allows less than " + cpus + " processors"));
            steps.add(group.expect(QUOTA, Long.toString(quota)));
            steps.add(group.expect("cpu.cfs_period_us", Long.toString(PERIOD)));
        }
        if (weight != null) {
            steps.addAll(group.set("cpu.shares", Long.toString(shares(weight))));
        }
        return steps;
    }

    /** The kernel's sched_weight_from_cgroup(). */
    static long shares(int weight) {
        return Math.round(weight * 1024 / 100.0);
    }

    @Override
    public List<String> reports() {
        return List.of();
    }
}
