package dev.caisson.seccomp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A filter under construction: a graph of instructions without a cycle, in which equal parts exist once.
 *
 * <p>It is built from the ends: a node is made when the nodes that follow it are there, and is known by its number.
 * What makes the same node again gets the same number, so filters share code without any effort of those who build
 * them.
 */
final class InstructionGraph {

    /**
     * An instruction and what follows it.
     *
     * @param then the next node; of a comparison the one for when it holds, of a return none
     * @param otherwise the next node when a comparison does not hold
     */
    private record Node(int code, int k, int then, int otherwise) {

        boolean isReturn() {
            return code == Instruction.RETURN;
        }

        // Written out: those that a record gets link themselves when first called, for which a fresh JVM takes 30 ms.

        @Override
        public boolean equals(Object other) {
            return other instanceof Node node
                    && code == node.code
                    && k == node.k
                    && then == node.then
                    && otherwise == node.otherwise;
        }

        @Override
        public int hashCode() {
            return ((code * 31 + k) * 31 + then) * 31 + otherwise;
        }
    }

    private static final int NONE = -1;

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Node, Integer> numbers = new HashMap<>();

    /** Ends with an action. */
    int end(Action action) {
        return add(new Node(Instruction.RETURN, action.value(), NONE, NONE));
    }

    /** Loads the word at an offset of the seccomp data, and goes on; nothing is loaded before a return. */
    int load(int offset, int next) {
        return step(Instruction.LOAD, offset, next);
    }

    /** Clears bits of the loaded word, and goes on. */
    int and(int mask, int next) {
        return step(Instruction.AND, mask, next);
    }

    /** Compares the loaded word. */
    int branch(int code, int k, int then, int otherwise) {
        return then == otherwise ? then : add(new Node(code, k, then, otherwise));
    }

    private int step(int code, int k, int next) {
        return nodes.get(next).isReturn() ? next : add(new Node(code, k, next, NONE));
    }

    private int add(Node node) {
        Integer known = numbers.putIfAbsent(node, nodes.size());
        if (known != null) {
            return known;
        }
        nodes.add(node);
        return nodes.size() - 1;
    }

    /** The instructions that start with a node. */
    List<Instruction> assemble(int entry) {
        Layout layout = new Layout(nodes);
        for (int number = 0; number <= entry; number++) {
            layout.place(number);
        }
        layout.bringNear(entry); // a return, if it is the whole filter, is not placed yet
        return layout.instructions();
    }

    /**
     * Puts a graph in a line, from the end to the start: all jumps of BPF go forward, and like this their targets are
     * known.
     *
     * <p>A comparison reaches 255 instructions far. What is farther away gets a stand-in before it: of a return a
     * copy, of anything else an unconditional jump. Later comparisons use the nearest stand-in.
     */
    private static final class Layout {

        private static final int NOWHERE = -1;

        private final List<Node> nodes;
        private final List<Instruction> backwards = new ArrayList<>();
        /** Where each node stands, counted from the end. */
        private final int[] homes;
        /** Where the nearest instruction stands that does the same as the node. */
        private final int[] nearest;

        Layout(List<Node> nodes) {
            this.nodes = nodes;
            homes = new int[nodes.size()];
            Arrays.fill(homes, NOWHERE);
            nearest = homes.clone();
        }

        /** Places a node whose followers are placed; returns wait until somebody wants to get there. */
        void place(int number) {
            Node node = nodes.get(number);
            if (node.isReturn()) {
                return;
            }
            if (node.otherwise() != NONE) {
                bringNear(node.then());
                bringNear(node.otherwise());
                bringNear(node.then()); // bringing the other near may have pushed it out of reach
            } else if (skip(homes[node.then()]) > 0) {
                backwards.add(jump(node.then()));
            }
            backwards.add(instruction(node));
            homes[number] = backwards.size() - 1;
            nearest[number] = homes[number];
        }

        /** Makes sure that the next instruction can skip to a node. */
        void bringNear(int number) {
            if (nearest[number] == NOWHERE || skip(nearest[number]) > Instruction.MAX_SKIP) {
                Node node = nodes.get(number);
                backwards.add(node.isReturn() ? instruction(node) : jump(number));
                nearest[number] = backwards.size() - 1;
            }
        }

        private Instruction instruction(Node node) {
            return node.otherwise() == NONE
                    ? new Instruction(node.code(), 0, 0, node.k())
                    : new Instruction(
                            node.code(), skip(nearest[node.then()]), skip(nearest[node.otherwise()]), node.k());
        }

        private Instruction jump(int number) {
            return new Instruction(Instruction.JUMP, 0, 0, skip(homes[number]));
        }

        /** How many instructions the next one skips to get to a place. */
        private int skip(int place) {
            return backwards.size() - 1 - place;
        }

        List<Instruction> instructions() {
            List<Instruction> forwards = new ArrayList<>(backwards);
            Collections.reverse(forwards);
            return forwards;
        }
    }
}
