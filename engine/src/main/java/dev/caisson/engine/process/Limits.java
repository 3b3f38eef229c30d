package dev.caisson.engine.process;

import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.word;

import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.api.ProcessSpec;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.Locale;
import java.util.TreeMap;

/** The limits that belong to a process rather than to a cgroup: getrlimit(2), and how the kernel rates it when memory is short. */
public final class Limits {

    private Limits() {}

    public static Contribution contribute(ProcessSpec process) {
        Contribution.Builder steps = Contribution.builder();
        Integer adjustment = process.oomScoreAdj();
        if (adjustment != null) {
            // On the host's /proc, as the container may have none; the value stays across execve and fork.
            steps.child(
                    Phase.JOIN,
                    Step.write("/proc/self/oom_score_adj", adjustment.toString())
                            .hint(
                                    Errno.EACCES,
                                    "lowering it needs CAP_SYS_RESOURCE; choose a value of at least the caller's"));
        }
        new TreeMap<>(process.rlimits())
                .forEach((name, limit) -> steps.child(
                        Phase.LIMITS,
                        Step.of(
                                        "limit " + name + " to " + text(limit.soft()) + ", at most "
                                                + text(limit.hard()),
                                        Op.call(
                                                "prlimit64",
                                                number(0),
                                                flags("RLIMIT_" + name.toUpperCase(Locale.ROOT)),
                                                block(
                                                        word(limit.soft(), text(limit.soft())),
                                                        word(limit.hard(), text(limit.hard()))),
                                                NULL))
                                .hint(
                                        Errno.EPERM,
                                        "raising a hard limit needs CAP_SYS_RESOURCE; ask for at most the caller's")));
        Argument last = word(0xffffffffL, "~0");
        // Really closed, before any path of the container's is resolved: /proc/self/fd/N must not lead to a directory
        // of the host.
        steps.child(
                Phase.LIMITS,
                Step.of("close every descriptor of the host's", Op.call("close_range", number(5), last, number(0))),
                Step.of("close the monitor's control socket", Op.call("close", number(3))));
        return steps.build();
    }

    private static String text(long limit) {
        return limit < 0 ? "unlimited" : Long.toString(limit);
    }
}
