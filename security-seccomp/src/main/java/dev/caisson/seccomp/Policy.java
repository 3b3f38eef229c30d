package dev.caisson.seccomp;

import dev.caisson.program.Errno;
import java.util.List;

/**
 * What happens with every system call that a process can make.
 *
 * @param otherwise what happens with a known call for which no rule holds
 * @param unknown what happens with a number that no known call has: one of a newer kernel, or of the x32 ABI
 * @param foreign what happens with a call of another architecture, which an x86-64 kernel takes from 32-bit code
 * @param rules what happens with the calls that they name; of several for one call the first that holds counts
 */
public record Policy(Action otherwise, Action unknown, Action foreign, List<Rule> rules) {

    public Policy {
        rules = List.copyOf(rules);
    }

    /**
     * A policy with the usual answers to unknown and foreign calls.
     *
     * <p>Where calls are refused by default, an unknown one gets ENOSYS, the truth as far as the policy's author
     * could know: libraries try new calls first and fall back on this error alone. A foreign call ends the process:
     * no native program makes one by accident, its numbers mean other calls than the rules name, and an error would
     * only confuse a 32-bit program that cannot run anyway.
     */
    public static Policy of(Action otherwise, List<Rule> rules) {
        Action unknown = otherwise.permits() ? otherwise : Action.errno(Errno.ENOSYS);
        return new Policy(otherwise, unknown, Action.KILL_PROCESS, rules);
    }

    /** Whether it refuses and logs nothing, so that no filter is needed. */
    public boolean isEmpty() {
        return rules.isEmpty() && otherwise.kind() == Action.Kind.ALLOW && unknown.kind() == Action.Kind.ALLOW;
    }
}
