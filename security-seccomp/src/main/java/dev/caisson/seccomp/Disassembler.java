package dev.caisson.seccomp;

import dev.caisson.program.Architecture;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes a filter down for people, one line for each instruction. */
public final class Disassembler {

    /** The register holds nothing yet. */
    private static final int NOTHING = -1;
    /** The register holds one word or another, depending on how the instruction was reached. */
    private static final int VARIOUS = -2;

    private final List<Instruction> instructions;
    private final Map<Integer, String> callNames = new HashMap<>();
    private final Map<Integer, String> architectureNames;
    /** The offset of the word that the register holds before each instruction. */
    private final int[] loaded;

    private Disassembler(Filter filter, Architecture architecture) {
        this.instructions = filter.instructions();
        architecture.numbers().forEach((name, number) -> callNames.put(number, name));
        this.architectureNames = Arrays.stream(Architecture.values())
                .collect(Collectors.toMap(Architecture::auditNumber, Architecture::toString));
        this.loaded = new int[filter.size()];
        Arrays.fill(loaded, NOTHING);
    }

    /** The lines of a filter for an architecture. */
    public static List<String> lines(Filter filter, Architecture architecture) {
        Disassembler disassembler = new Disassembler(filter, architecture);
        disassembler.followLoads();
        return IntStream.range(0, filter.size()).mapToObj(disassembler::line).toList();
    }

    private void followLoads() {
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            switch (instruction.code()) {
                case Instruction.LOAD -> reach(i + 1, instruction.k());
                case Instruction.AND -> reach(i + 1, loaded[i]);
                case Instruction.JUMP -> reach(i + 1 + instruction.k(), loaded[i]);
                case Instruction.RETURN -> {}
                default -> {
                    reach(i + 1 + instruction.jt(), loaded[i]);
                    reach(i + 1 + instruction.jf(), loaded[i]);
                }
            }
        }
    }

    private void reach(int target, int word) {
        loaded[target] = loaded[target] == NOTHING || loaded[target] == word ? word : VARIOUS;
    }

    private String line(int i) {
        Instruction instruction = instructions.get(i);
        int k = instruction.k();
        String text = switch (instruction.code()) {
            case Instruction.LOAD -> "load " + SeccompData.name(k);
            case Instruction.AND -> "and 0x" + Integer.toHexString(k);
            case Instruction.JUMP -> "goto " + (i + 1 + k);
            case Instruction.RETURN -> "return " + Action.of(k);
            case Instruction.IF_EQUAL -> comparison(i, "==");
            case Instruction.IF_ABOVE -> comparison(i, ">");
            case Instruction.IF_AT_LEAST -> comparison(i, ">=");
            default -> throw new IllegalArgumentException("not an instruction of a filter: " + instruction);
        };
        return "%4d  %s".formatted(i, text);
    }

    private String comparison(int i, String operator) {
        Instruction instruction = instructions.get(i);
        return "if " + operator + " " + operand(loaded[i], instruction.k()) + " goto " + (i + 1 + instruction.jt())
                + " else " + (i + 1 + instruction.jf());
    }

    private String operand(int word, int k) {
        return switch (word) {
            case SeccompData.NUMBER -> k + named(callNames.get(k));
            case SeccompData.ARCHITECTURE -> "0x" + Integer.toHexString(k) + named(architectureNames.get(k));
            default -> Condition.number(Integer.toUnsignedLong(k));
        };
    }

    private static String named(@Nullable String name) {
        return name == null ? "" : " (" + name + ")";
    }
}
