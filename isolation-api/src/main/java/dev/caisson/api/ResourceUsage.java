package dev.caisson.api;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a container used, as far as its controller measured it.
 *
 * @param peakMemory the most memory it held at once, in bytes; empty when not measured
 * @param cpu the processor time of all its processes; empty when not measured
 * @param oomKills how many of its processes the kernel killed for memory; none where memory is not limited
 * @param pidsRefused how often a new process was refused for the limit on processes; never where they are not limited
 */
public record ResourceUsage(OptionalLong peakMemory, Optional<Duration> cpu, long oomKills, long pidsRefused) {

    /** Nothing measured. */
    public static final ResourceUsage NONE = new ResourceUsage(OptionalLong.empty(), Optional.empty(), 0, 0);

    /** The same usage, with what wait4(2) tells of the command where a controller measured nothing. */
    public ResourceUsage orElse(Duration commandCpu, long commandPeakMemory) {
        return new ResourceUsage(
                peakMemory.isPresent() ? peakMemory : OptionalLong.of(commandPeakMemory),
                cpu.or(() -> Optional.of(commandCpu)),
                oomKills,
                pidsRefused);
    }
}
