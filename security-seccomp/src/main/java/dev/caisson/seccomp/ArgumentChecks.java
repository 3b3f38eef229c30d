package dev.caisson.seccomp;

import java.util.List;

/**
 * The code of the rules for one system call: comparisons of 64-bit arguments, for a machine with one register of 32
 * bits.
 *
 * <p>It is made from the end, rule by rule and condition by condition, so that where a comparison leads is always
 * known.
 */
final class ArgumentChecks {

    /** A word of the seccomp data, with the bits outside the mask cleared. */
    private record Word(int offset, int mask) {

        boolean is(Word other) {
            return offset == other.offset && mask == other.mask;
        }
    }

    /** Where a comparison can lead: to a node that wants a certain word in the register. */
    private record Target(Word wanted, int node) {}

    private static final Word NUMBER = new Word(SeccompData.NUMBER, -1);

    private final InstructionGraph graph;

    private ArgumentChecks(InstructionGraph graph) {
        this.graph = graph;
    }

    /**
     * Adds the rules for one call to a graph. Rules that come to the same make the same node.
     *
     * @return the node to go to while the register holds the call's number
     */
    static int add(InstructionGraph graph, List<Rule> rules, Action otherwise) {
        return new ArgumentChecks(graph).add(rules, otherwise);
    }

    private int add(List<Rule> rules, Action otherwise) {
        int reached = 0;
        while (reached < rules.size() && !rules.get(reached).calls().isUnconditional()) {
            reached++;
        }
        Target target = end(reached < rules.size() ? rules.get(reached).action() : otherwise);
        for (int i = reached - 1; i >= 0; i--) {
            target = all(rules.get(i).calls().conditions(), end(rules.get(i).action()), target);
        }
        return enter(target, NUMBER);
    }

    /** A target that wants no word: whatever it says, a graph leaves out loads before a return. */
    private Target end(Action action) {
        return new Target(NUMBER, graph.end(action));
    }

    private Target all(List<Condition> conditions, Target yes, Target no) {
        Target target = yes;
        for (int i = conditions.size() - 1; i >= 0; i--) {
            target = compare(conditions.get(i), target, no);
        }
        return target;
    }

    private Target compare(Condition condition, Target yes, Target no) {
        return switch (condition.operator()) {
            case EQ -> equal(condition, yes, no);
            case NE -> equal(condition, no, yes);
            case GT -> order(Instruction.IF_ABOVE, condition, yes, no);
            case LE -> order(Instruction.IF_ABOVE, condition, no, yes);
            case GE -> order(Instruction.IF_AT_LEAST, condition, yes, no);
            case LT -> order(Instruction.IF_AT_LEAST, condition, no, yes);
        };
    }

    private Target equal(Condition condition, Target yes, Target no) {
        Word low = low(condition);
        Target lower = low.mask() == 0 ? yes : branch(low, Instruction.IF_EQUAL, (int) condition.value(), yes, no);
        Word high = high(condition);
        return high.mask() == 0
                ? lower
                : branch(high, Instruction.IF_EQUAL, (int) (condition.value() >>> 32), lower, no);
    }

    private Target order(int code, Condition condition, Target yes, Target no) {
        Word low = low(condition);
        Target lower = low.mask() == 0
                ? (code == Instruction.IF_AT_LEAST ? yes : no) // 0 >= 0 holds, 0 > 0 does not
                : branch(low, code, (int) condition.value(), yes, no);
        Word high = high(condition);
        int value = (int) (condition.value() >>> 32);
        return high.mask() == 0
                ? lower
                : branch(high, Instruction.IF_ABOVE, value, yes, branch(high, Instruction.IF_EQUAL, value, lower, no));
    }

    private Target branch(Word word, int code, int value, Target yes, Target no) {
        return new Target(word, graph.branch(code, value, enter(yes, word), enter(no, word)));
    }

    /**
     * The node to go to for a target: the target's own, or one before it that gets the wanted word into the register.
     */
    private int enter(Target target, Word loaded) {
        Word wanted = target.wanted();
        if (wanted.is(loaded)) {
            return target.node();
        }
        return graph.load(
                wanted.offset(), wanted.mask() == -1 ? target.node() : graph.and(wanted.mask(), target.node()));
    }

    private static Word low(Condition condition) {
        return new Word(SeccompData.low(condition.argument()), (int) condition.mask());
    }

    private static Word high(Condition condition) {
        return new Word(SeccompData.high(condition.argument()), (int) (condition.mask() >>> 32));
    }
}
