package dev.caisson.seccomp;

import dev.caisson.api.Capability;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a profile can say about system calls: a preset, and what differs from it.
 *
 * <p>What the profile says goes before the preset. Of that, calls with conditions on their arguments go before a
 * system call as a whole, and then {@code kill} before {@code errno} before {@code log} before {@code allow}.
 *
 * @param preset the policy that the profile starts from; the default one unless it says another
 * @param allow calls that are made
 * @param errno calls that return an error
 * @param kill calls that end the process
 * @param log calls that are made and noted in the kernel's audit log
 */
public record SeccompSettings(
        Preset preset, List<CallPattern> allow, List<Refusal> errno, List<CallPattern> kill, List<CallPattern> log) {

    public SeccompSettings {
        preset = Objects.requireNonNullElse(preset, Preset.DEFAULT);
        allow = List.copyOf(allow);
        errno = List.copyOf(errno);
        kill = List.copyOf(kill);
        log = List.copyOf(log);
        requireConsistent(rules(allow, errno, kill, log));
    }

    /** The policy for a container that has some capabilities in its bounding set, and no others. */
    public Policy policy(Set<Capability> capabilities) {
        List<Rule> own = rules(allow, errno, kill, log);
        List<Rule> rules = new ArrayList<>();
        own.stream().filter(rule -> !rule.calls().isUnconditional()).forEach(rules::add);
        own.stream().filter(rule -> rule.calls().isUnconditional()).forEach(rules::add);
        rules.addAll(preset.rules(capabilities));
        return Policy.of(preset.otherwise(), rules);
    }

    private static List<Rule> rules(
            List<CallPattern> allow, List<Refusal> errno, List<CallPattern> kill, List<CallPattern> log) {
        List<Rule> rules = new ArrayList<>();
        kill.forEach(calls -> rules.add(new Rule(calls, Action.KILL_PROCESS)));
        errno.forEach(refusal -> rules.add(new Rule(refusal.calls(), Action.errno(refusal.error()))));
        log.forEach(calls -> rules.add(new Rule(calls, Action.LOG)));
        allow.forEach(calls -> rules.add(new Rule(calls, Action.ALLOW)));
        return rules;
    }

    private static void requireConsistent(List<Rule> rules) {
        Map<CallPattern, Action> actions = new HashMap<>();
        for (Rule rule : rules) {
            Action other = actions.putIfAbsent(rule.calls(), rule.action());
            if (other != null && !other.equals(rule.action())) {
                throw new IllegalArgumentException(
                        rule.calls() + " is under " + other + " and under " + rule.action() + "; keep one of the two");
            }
        }
    }
}
