package dev.caisson.seccomp;

import dev.caisson.program.Architecture;
import dev.caisson.seccomp.FilterInterpreter.Call;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads off a policy what happens with a call, rule by rule: what compiled filters are compared with. */
final class PolicyReader {

    private final Policy policy;
    private final Architecture architecture;
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, List<Rule>> rules;

    PolicyReader(Policy policy, Architecture architecture) {
        this.policy = policy;
        this.architecture = architecture;
        architecture.numbers().forEach((name, number) -> names.put(number, name));
        rules = policy.rules().stream()
                .collect(Collectors.groupingBy(rule -> rule.calls().syscall()));
    }

    Action decide(Call call) {
        if (call.architecture() != architecture.auditNumber()) {
            return policy.foreign();
        }
        String name = names.get(call.number());
        if (name == null) {
            return policy.unknown();
        }
        return rules.getOrDefault(name, List.of()).stream()
                .filter(rule ->
                        rule.calls().conditions().stream().allMatch(condition -> holds(condition, call.arguments())))
                .map(Rule::action)
                .findFirst()
                .orElse(policy.otherwise());
    }

    private static boolean holds(Condition condition, List<Long> arguments) {
        int order = Long.compareUnsigned(arguments.get(condition.argument()) & condition.mask(), condition.value());
        return switch (condition.operator()) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
        };
    }
}
