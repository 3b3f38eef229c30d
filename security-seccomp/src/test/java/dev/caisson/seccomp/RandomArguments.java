package dev.caisson.seccomp;

import java.util.List;
import java.util.Random;

/** Makes arguments that lie where a policy changes its mind. */
final class RandomArguments {

    private final Random random;
    private final List<Condition> conditions;

    RandomArguments(Random random, Policy policy) {
        this.random = random;
        this.conditions = policy.rules().stream()
                .flatMap(rule -> rule.calls().conditions().stream())
                .toList();
    }

    /**
     * Six arguments, each at the border of some condition, next to it, or with other bits where they should not
     * count.
     */
    Long[] next() {
        Long[] arguments = new Long[6];
        for (int i = 0; i < arguments.length; i++) {
            long border = conditions.isEmpty()
                    ? 0
                    : conditions.get(random.nextInt(conditions.size())).value();
            arguments[i] = switch (random.nextInt(7)) {
                case 0 -> value(random);
                case 1 -> border - 1;
                case 2 -> border + 1;
                case 3 -> border | 1L << 32;
                case 4 -> border ^ 1L << 63;
                case 5 -> border ^ (long) random.nextInt() << 32;
                default -> border;
            };
        }
        return arguments;
    }

    /** Some number, such as arguments are. */
    static long value(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(4);
            case 1 -> random.nextInt();
            case 2 -> random.nextLong();
            case 3 -> (long) random.nextInt(3) << 32 | random.nextInt(3);
            default -> 1L << random.nextInt(64);
        };
    }
}
