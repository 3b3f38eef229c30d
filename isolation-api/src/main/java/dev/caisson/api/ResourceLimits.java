package dev.caisson.api;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limits that a container shall have; null is no limit.
 *
 * @param memory memory in bytes, page cache included
 * @param swap swap in bytes beyond the memory; zero forbids swapping
 * @param cpus how many processors' worth of time it may use, such as 0.5
 * @param cpuWeight its share of the processor when others want it too: 1 to 10000, usually 100
 * @param cpuset the processors it may run on, a {@link CpuList} such as "0-3,6", kept in its canonical form
 * @param cpusetMemory the memory nodes it may use, in the same form
 * @param pids how many processes and threads it may have
 */
public record ResourceLimits(
        @Nullable Long memory,
        @Nullable Long swap,
        @Nullable Double cpus,
        @Nullable Integer cpuWeight,
        @Nullable String cpuset,
        @Nullable String cpusetMemory,
        @Nullable Long pids) {

    public ResourceLimits {
        cpuset = cpuset == null ? null : CpuList.parse(cpuset).toString();
        cpusetMemory = cpusetMemory == null ? null : CpuList.parse(cpusetMemory).toString();
    }

    /** No limits. */
    public static final ResourceLimits NONE = new ResourceLimits(null, null, null, null, null, null, null);

    /** What a controller must offer to enforce these. */
    public Set<Feature> needs() {
        Set<Feature> needs = EnumSet.noneOf(Feature.class);
        if (memory != null) {
            needs.add(Feature.MEMORY);
        }
        if (swap != null) {
            needs.add(Feature.SWAP);
        }
        if (cpus != null || cpuWeight != null) {
            needs.add(Feature.CPU);
        }
        if (cpuset != null || cpusetMemory != null) {
            needs.add(Feature.CPUSET);
        }
        if (pids != null) {
            needs.add(Feature.PIDS);
        }
        return needs;
    }
}
