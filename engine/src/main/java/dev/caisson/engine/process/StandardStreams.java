package dev.caisson.engine.process;

import static dev.caisson.program.Argument.number;

import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.api.ProcessSpec;
import dev.caisson.api.Stdio;
import dev.caisson.launcher.Streams;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;

/** Gives pipes that were made for a container to its user: else opening {@code /dev/stderr} is EACCES for one that is not root. */
public final class StandardStreams {

    private StandardStreams() {}

    public static Contribution contribute(ProcessSpec process, Streams streams) {
        Contribution.Builder steps = Contribution.builder();
        if (process.user() != 0 && !process.tty()) {
            own(steps, process, streams.stdin(), 0, "standard input");
            own(steps, process, streams.stdout(), 1, "standard output");
            own(steps, process, streams.stderr(), 2, "standard error");
        }
        return steps.build();
    }

    private static void own(Contribution.Builder steps, ProcessSpec process, Stdio stdio, int number, String name) {
        if (stdio instanceof Stdio.Pipe) {
            steps.child(
                    Phase.LIMITS,
                    Step.of(
                                    "own " + name,
                                    Op.call("fchown", number(number), number(process.user()), number(process.group())))
                            .tolerating(Errno.EPERM)); // in a user namespace the pipe's owner has no mapping, and
            // nothing helps
        }
    }
}
