package dev.caisson.seccomp;

import dev.caisson.program.Architecture;
import java.util.ArrayList;
import java.util.List;

/** Runs a filter as the kernel does, and refuses what the kernel's verifier refuses. */
final class FilterInterpreter {

    /** A system call as a filter sees it. */
    record Call(int number, int architecture, long instructionPointer, List<Long> arguments) {

        static Call of(Architecture architecture, int number, Long... arguments) {
            List<Long> six = new ArrayList<>(List.of(arguments));
            while (six.size() < 6) {
                six.add(0L);
            }
            return new Call(number, architecture.auditNumber(), 0x7f00_1234_5678L, six);
        }

        static Call of(Architecture architecture, String name, Long... arguments) {
            return of(architecture, architecture.number(name), arguments);
        }

        /** The word of struct seccomp_data at an offset. */
        int word(int offset) {
            if (offset < 0 || offset > 60 || offset % 4 != 0) {
                throw new AssertionError("a load at offset " + offset + " of the seccomp data");
            }
            int half = offset % 8 * 8;
            return switch (offset / 8) {
                case 0 -> half == 0 ? number : architecture;
                case 1 -> (int) (instructionPointer >>> half);
                default -> (int) (arguments.get(offset / 8 - 2) >>> half);
            };
        }
    }

    /** What came out, and how many instructions it took. */
    record Result(Action action, int executed) {}

    private FilterInterpreter() {}

    static Result run(Filter filter, Call call) {
        int accumulator = 0;
        int next = 0;
        for (int executed = 1; ; executed++) {
            Instruction instruction = filter.instructions().get(next++);
            int k = instruction.k();
            switch (instruction.code()) {
                case Instruction.LOAD -> accumulator = call.word(k);
                case Instruction.AND -> accumulator &= k;
                case Instruction.JUMP -> next += k;
                case Instruction.IF_EQUAL -> next += accumulator == k ? instruction.jt() : instruction.jf();
                case Instruction.IF_ABOVE ->
                    next += Integer.compareUnsigned(accumulator, k) > 0 ? instruction.jt() : instruction.jf();
                case Instruction.IF_AT_LEAST ->
                    next += Integer.compareUnsigned(accumulator, k) >= 0 ? instruction.jt() : instruction.jf();
                case Instruction.RETURN -> {
                    return new Result(Action.of(k), executed);
                }
                default -> throw new AssertionError("not an instruction that the kernel takes: " + instruction);
            }
        }
    }
}
