package dev.caisson.cgroupv1;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.ProfileException;
import dev.caisson.program.Errno;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Memory and swap: {@code Documentation/admin-guide/cgroup-v1/memory.rst}.
 *
 * <p>When the limit is reached and nothing can be reclaimed, the kernel kills the process in the group that frees most, and counts that
 * in {@code memory.oom_control}; the others go on.
 *
 * <p>Swap is limited together with memory, in {@code memory.memsw.limit_in_bytes}. A profile that limits memory and does not mention
 * swap gets none: a limit that the kernel answers by swapping would slow the host instead of stopping the program. A kernel that does
 * not account swap lacks the file; then only what was asked for fails.
 */
final class Memory implements Controller {

    /** Limits are whole pages to the kernel, and the largest pages of any architecture have 64 KiB. */
    private static final long PAGE = 64 * 1024;

    private static final String LIMIT = "memory.limit_in_bytes";
    private static final String WITH_SWAP = "memory.memsw.limit_in_bytes";
    private static final String PEAK = "memory.max_usage_in_bytes";
    private static final String OOM = "memory.oom_control";

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<Feature> offers(Host host, String mount) {
        Set<Feature> offers = EnumSet.of(Feature.MEMORY);
        if (host.read(mount + "/" + WITH_SWAP).isPresent()) {
            offers.add(Feature.SWAP);
        }
        return offers;
    }

    @Override
    public boolean wanted(LaunchRequest request) {
        return request.spec().resources().memory() != null
                || request.spec().resources().swap() != null;
    }

    @Override
    public List<Step> limit(Group group, LaunchRequest request) {
        Long memory = request.spec().resources().memory();
        Long swap = request.spec().resources().swap();
        if (memory == null) {
            if (swap != null) {
                throw new ProfileException(
                        "resources.swap: cgroup version 1 limits swap only together with memory; add resources.memory");
            }
            return List.of();
        }
        if (memory < PAGE) {
            throw new ProfileException(
                    "resources.memory: " + memory + " bytes hold no program; ask for at least " + PAGE);
        }
        long limit = memory / PAGE * PAGE;
        // Memory first: the kernel refuses a sum below the memory limit, and a new group has no limit at all.
        List<Step> steps = new ArrayList<>(group.set(LIMIT, Long.toString(limit)));
        long sum = limit + (swap == null ? 0 : swap / PAGE * PAGE);
        for (Step step : group.set(WITH_SWAP, Long.toString(sum))) {
            steps.add(
                    swap == null
                            ? step.tolerating(Errno.ENOENT)
                            : step.hint(Errno.ENOENT, "this kernel does not account swap: boot it with swapaccount=1"));
        }
        return steps;
    }

    @Override
    public List<String> reports() {
        return List.of(PEAK, OOM);
    }

    /** The most memory that was held at once, in bytes. */
    static OptionalLong peak(Map<String, String> collected) {
        return Reports.number(collected, PEAK);
    }

    /** How many processes were killed for memory. */
    static long oomKills(Map<String, String> collected) {
        return Reports.number(collected, OOM, "oom_kill").orElse(0);
    }
}
