package dev.caisson.cgroupv2;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.ResourceLimits;
import dev.caisson.program.Errno;
import dev.caisson.program.Step;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The choice of processors and memory nodes: "Cpuset" in {@code Documentation/admin-guide/cgroup-v2.rst}.
 *
 * <p>The kernel takes any list and grants what the parent has of it; so what is read back is what was granted.
 */
final class Cpuset implements Controller {

    @Override
    public String name() {
        return "cpuset";
    }

    @Override
    public Set<Feature> offers(Host host) {
        return Set.of(Feature.CPUSET);
    }

    @Override
    public boolean wanted(ResourceLimits limits) {
        return limits.cpuset() != null || limits.cpusetMemory() != null;
    }

    @Override
    public List<Step> limit(Group group, ResourceLimits limits) {
        return Stream.concat(
                        choose(group, "cpuset.cpus", limits.cpuset()),
                        choose(group, "cpuset.mems", limits.cpusetMemory()))
                .toList();
    }

    private static Stream<Step> choose(Group group, String file, @Nullable String asked) {
        if (asked == null) {
            return Stream.empty();
        }
        String hint = "choose among those in " + group.parent() + "/" + file + ".effective";
        return Stream.of(
                Step.write(group.file(file), asked).hint(Errno.EINVAL, hint).hint(Errno.ERANGE, hint),
                Step.expect(group.file(file + ".effective"), asked).hint(Errno.EBADMSG, hint));
    }

    @Override
    public List<String> reports() {
        return List.of();
    }
}
