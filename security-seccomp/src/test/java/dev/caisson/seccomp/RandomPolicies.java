package dev.caisson.seccomp;

import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes policies as nobody would write them. */
final class RandomPolicies {

    private static final List<Action> ACTIONS = List.of(
            Action.ALLOW,
            Action.LOG,
            Action.TRAP,
            Action.KILL_THREAD,
            Action.KILL_PROCESS,
            Action.errno(Errno.EPERM),
            Action.errno(Errno.ENOSYS),
            Action.errno(Errno.EACCES));

    private static final List<Long> MASKS = List.of(
            -1L, -1L, -1L, Condition.INT, Condition.INT, 0xffL, 0x7e02_0000L, 0xffff_0000_0000_0000L, 0xff_0000_00ffL);

    private final Random random;
    private final List<String> names;

    RandomPolicies(Random random, Architecture architecture) {
        this.random = random;
        this.names = List.copyOf(architecture.numbers().keySet());
    }

    Policy next() {
        int count = random.nextInt(random.nextBoolean() ? 15 : 300);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = pick(names);
            int repeated = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1;
            for (int j = 0; j < repeated; j++) {
                rules.add(new Rule(new CallPattern(name, conditions()), pick(ACTIONS)));
            }
        }
        return new Policy(pick(ACTIONS), pick(ACTIONS), pick(ACTIONS), rules);
    }

    private List<Condition> conditions() {
        List<Condition> conditions = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            long mask = pick(MASKS);
            conditions.add(new Condition(
                    random.nextInt(3), mask, pick(List.of(Operator.values())), RandomArguments.value(random) & mask));
        }
        return conditions;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
