package dev.caisson.cgroupv2;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.ProfileException;
import dev.caisson.api.ResourceLimits;
import dev.caisson.program.Errno;
import dev.caisson.program.Step;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Memory and swap: "Memory" in {@code Documentation/admin-guide/cgroup-v2.rst}.
 *
 * <p>When the limit is reached and nothing can be reclaimed, the kernel kills the process in the group that frees most, and counts that
 * in {@code memory.events}; the others go on. {@code memory.oom.group} would have it kill all of them; it stays off, so that version 1
 * and version 2 behave alike, and a server outlives one of its workers. The count tells a verdict either way.
 *
 * <p>A profile that limits memory and does not mention swap gets none: a limit that the kernel answers by swapping would slow the host
 * instead of stopping the program. A kernel that does not account swap lacks the file; then only what was asked for fails.
 */
final class Memory implements Controller {

    /** Limits are whole pages to the kernel, and the largest pages of any architecture have 64 KiB. */
    private static final long PAGE = 64 * 1024;

    private static final String LIMIT = "memory.max";
    private static final String SWAP = "memory.swap.max";
    private static final String PEAK = "memory.peak"; // from Linux 5.19
    private static final String EVENTS = "memory.events";

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<Feature> offers(Host host) {
        Set<Feature> offers = EnumSet.of(Feature.MEMORY);
        if (Files.exists(host.path(
                "/proc/swaps"))) { // the kernel was built with swap; the group's file shows up only in a group
            offers.add(Feature.SWAP);
        }
        return offers;
    }

    @Override
    public boolean wanted(ResourceLimits limits) {
        return limits.memory() != null || limits.swap() != null;
    }

    @Override
    public List<Step> limit(Group group, ResourceLimits limits) {
        Long memory = limits.memory();
        Long swap = limits.swap();
        List<Step> steps = new ArrayList<>();
        if (memory != null) {
            if (memory < PAGE) {
                throw new ProfileException(
                        "resources.memory: " + memory + " bytes hold no program; ask for at least " + PAGE);
            }
            steps.addAll(group.set(LIMIT, Long.toString(memory / PAGE * PAGE)));
        }
        for (Step step : group.set(SWAP, Long.toString(swap == null ? 0 : swap / PAGE * PAGE))) {
            steps.add(
                    swap == null
                            ? step.tolerating(Errno.ENOENT)
                            : step.hint(Errno.ENOENT, "this kernel does not account swap: boot it with swapaccount=1"));
        }
        return steps;
    }

    @Override
    public List<String> reports() {
        return List.of(PEAK, EVENTS);
    }

    /** The most memory that was held at once, in bytes. */
    static OptionalLong peak(Map<String, String> collected) {
        return Reports.number(collected, PEAK);
    }

    /** How many processes were killed for memory. */
    static long oomKills(Map<String, String> collected) {
        return Reports.number(collected, EVENTS, "oom_kill").orElse(0);
    }
}
