package dev.caisson.engine;

import dev.caisson.api.ResourceUsage;
import dev.caisson.engine.Verdict.Limit;
import dev.caisson.launcher.Outcome;
import dev.caisson.program.LaunchProgram;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Reads a verdict from what the monitor told. */
final class Verdicts {

    private Verdicts() {}

    static Verdict of(Plan plan, Supplier<LaunchProgram> program, Outcome outcome) {
        outcome.failure().ifPresent(failure -> {
            throw new LaunchException(program.get(), failure.step(), failure.errno());
        });
        ResourceUsage usage = plan.controller()
                .map(chosen -> chosen.backend().usage(outcome.collected()))
                .orElse(ResourceUsage.NONE);
        int signal = outcome.status() & 0x7f;
        return new Verdict(
                signal != 0 ? 128 + signal : outcome.status() >> 8 & 0xff,
                signal != 0 ? OptionalInt.of(signal) : OptionalInt.empty(),
                limits(outcome, usage),
                outcome.wall(),
                // wait4(2) tells of the processes that were waited for; of those that died with a pid 1 that was
                // killed, nobody
                // can tell.
                outcome.cause() == Outcome.Cause.ITSELF
                        ? usage.orElse(outcome.childCpu(), outcome.childPeakMemory())
                        : usage,
                outcome.teardownFailure()
                        .map(failure -> LaunchException.message(program.get(), failure.step(), failure.errno())));
    }

    private static Set<Limit> limits(Outcome outcome, ResourceUsage usage) {
        Set<Limit> limits = EnumSet.noneOf(Limit.class);
        if (outcome.cause() == Outcome.Cause.WALL) {
            limits.add(Limit.WALL_TIME);
        }
        if (outcome.cause() == Outcome.Cause.CPU) {
            limits.add(Limit.CPU_TIME);
        }
        if (usage.oomKills() > 0) {
            limits.add(Limit.MEMORY);
        }
        if (usage.pidsRefused() > 0) {
            limits.add(Limit.PIDS);
        }
        return limits;
    }
}
