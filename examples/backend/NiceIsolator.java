package org.example.nice;

import dev.caisson.api.Contribution;
import dev.caisson.api.Host;
import dev.caisson.api.Isolator;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.Settings;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.List;
import java.util.Set;

/** A backend of somebody else's: the container lets other programs go first, as with nice(1). */
public final class NiceIsolator implements Isolator {

    /** What a profile can say to it, as in {@code isolators: [namespaces, {nice: {level: 19}}]}. */
    public record Options(Integer level) {
        public Options {
            level = level == null ? 10 : level;
            if (level < 0 || level > 19) {
                throw new IllegalArgumentException("level: " + level + " is not between 0 and 19; write 10, or leave it out");
            }
        }
    }

    @Override
    public String name() {
        return "nice";
    }

    @Override
    public String description() {
        return "lets the programs outside go first";
    }

    /** It offers nothing that others could rely on, needs nothing of them, and works everywhere. */
    @Override
    public ProbeReport probe(Host host, Settings settings) {
        settings.as(Options.class);
        return new ProbeReport(Set.of(), Set.of(), List.of());
    }

    /** One system call, in the phase in which limits are set: setpriority(PRIO_PROCESS, this process, level). */
    @Override
    public Contribution contribute(LaunchRequest request) {
        int level = request.settings().as(Options.class).level();
        Step step = Step.of(
                        "be nice: " + level,
                        Op.call("setpriority", Argument.number(0), Argument.number(0), Argument.number(level)))
                .hint(Errno.EACCES, "the caller is nicer already; ask for a higher level");
        return Contribution.builder().child(Phase.LIMITS, step).build();
    }
}
