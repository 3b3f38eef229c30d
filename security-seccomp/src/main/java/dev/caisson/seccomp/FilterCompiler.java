package dev.caisson.seccomp;

import dev.caisson.program.Architecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles a policy for one architecture.
 *
 * <p>A filter first refuses other architectures with one comparison, then searches the call's number in a tree of
 * ranges in which every number is treated alike, and then checks the arguments, if their rules ask for it. When a
 * filter is installed the kernel evaluates it for every number there is, to remember those that are always allowed,
 * so short paths are a fast start; a chain of comparisons, one for each call, costs most of a millisecond.
 */
public final class FilterCompiler {

    /** Numbers that are treated alike, up to the next range, and the node where that is done. */
    private record Range(int first, int node) {}

    private final InstructionGraph graph = new InstructionGraph();

    private FilterCompiler() {}

    /** The filter that does what a policy says with the calls of an architecture. */
    public static Filter compile(Policy policy, Architecture architecture) {
        return new FilterCompiler().filter(policy, architecture);
    }

    private Filter filter(Policy policy, Architecture architecture) {
        List<Range> ranges = ranges(policy, architecture);
        int end = ranges.get(ranges.size() - 1).first() + 1; // what follows is endless, but hardly ever called
        int search = search(ranges, end);
        int entry = graph.load(
                SeccompData.ARCHITECTURE,
                graph.branch(
                        Instruction.IF_EQUAL,
                        architecture.auditNumber(),
                        graph.load(SeccompData.NUMBER, search),
                        graph.end(policy.foreign())));
        return new Filter(graph.assemble(entry));
    }

    /** All numbers from 0 up; the last range goes on beyond the known calls, and so has those of the x32 ABI in it. */
    private List<Range> ranges(Policy policy, Architecture architecture) {
        Map<String, List<Rule>> rules = new HashMap<>();
        for (Rule rule : policy.rules()) {
            rules.computeIfAbsent(rule.calls().syscall(), name -> new ArrayList<>())
                    .add(rule);
        }
        int unknown = graph.end(policy.unknown());
        int[] nodes = new int[Collections.max(architecture.numbers().values()) + 2];
        Arrays.fill(nodes, unknown);
        architecture
                .numbers()
                .forEach((name, number) -> nodes[number] =
                        ArgumentChecks.add(graph, rules.getOrDefault(name, List.of()), policy.otherwise()));

        List<Range> ranges = new ArrayList<>();
        for (int number = 0; number < nodes.length; number++) {
            if (number == 0 || nodes[number] != nodes[number - 1]) {
                ranges.add(new Range(number, nodes[number]));
            }
        }
        return ranges;
    }

    /** A tree that halves the numbers, as well as ranges allow, from the first of these ranges up to {@code end}. */
    private int search(List<Range> ranges, int end) {
        Range first = ranges.get(0);
        if (ranges.size() == 1) {
            return first.node();
        }
        if (isException(ranges)) {
            Range exception = ranges.get(1);
            return graph.branch(Instruction.IF_EQUAL, exception.first(), exception.node(), first.node());
        }
        int split = nearest((first.first() + end) / 2, ranges);
        int second = ranges.get(split).first();
        return graph.branch(
                Instruction.IF_AT_LEAST,
                second,
                search(ranges.subList(split, ranges.size()), end),
                search(ranges.subList(0, split), second));
    }

    /** Whether these are a range and a single number in it that is treated otherwise: one comparison instead of two. */
    private static boolean isException(List<Range> ranges) {
        return ranges.size() == 3
                && ranges.get(0).node() == ranges.get(2).node()
                && ranges.get(1).first() + 1 == ranges.get(2).first();
    }

    /** The index of the range, from the second on, that starts nearest to a number. */
    private static int nearest(int number, List<Range> ranges) {
        int nearest = 1;
        for (int i = 2; i < ranges.size(); i++) {
            if (Math.abs(ranges.get(i).first() - number)
                    < Math.abs(ranges.get(nearest).first() - number)) {
                nearest = i;
            }
        }
        return nearest;
    }
}
