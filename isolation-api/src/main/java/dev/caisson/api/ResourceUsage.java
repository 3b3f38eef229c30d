package dev.caisson.api;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a container used, as far as its controller measured it.
 *
 * @param peakMemory the most memory it held at once, in bytes
 * @param cpu the processor time of all its processes, or zero when not measured
 * @param oomKills how many of its processes the kernel killed for memory
 * @param pidsRefused how often a new process was refused for the limit on processes
 */
public record ResourceUsage(OptionalLong peakMemory, Duration cpu, long oomKills, long pidsRefused) {

    /** Nothing measured. */
    public static final ResourceUsage NONE = new ResourceUsage(OptionalLong.empty(), Duration.ZERO, 0, 0);
}
