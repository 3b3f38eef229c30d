package dev.caisson.cgroupv1;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.ResourceLimits;
import dev.caisson.program.Errno;
import dev.caisson.program.Step;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The choice of processors and memory nodes: cpuset(7).
 *
 * <p>A new group has neither, and no process can join before it has both: what is not asked for is taken over from the parent.
 */
final class Cpuset implements Controller {

    @Override
    public String name() {
        return "cpuset";
    }

    @Override
    public Set<Feature> offers(Host host, String mount) {
        return Set.of(Feature.CPUSET);
    }

    @Override
    public boolean wanted(LaunchRequest request) {
        ResourceLimits limits = request.spec().resources();
        return limits.cpuset() != null || limits.cpusetMemory() != null;
    }

    @Override
    public List<Step> limit(Group group, LaunchRequest request) {
        ResourceLimits limits = request.spec().resources();
        return Stream.concat(
                        choose(group, "cpuset.cpus", limits.cpuset(), request.host()),
                        choose(group, "cpuset.mems", limits.cpusetMemory(), request.host()))
                .toList();
    }

    private static Stream<Step> choose(Group group, String file, @Nullable String asked, Host host) {
        String available = group.ofParent(host, file);
        if (asked == null) {
            return Stream.of(Step.write(group.file(file), available));
        }
        String hint = "choose among those of " + group.parent() + ": " + available;
        return Stream.of(
                Step.write(group.file(file), asked)
                        .hint(Errno.EINVAL, hint)
                        .hint(Errno.ERANGE, hint)
                        .hint(Errno.EACCES, hint),
                group.expect(file, asked));
    }

    @Override
    public List<String> reports() {
        return List.of();
    }
}
