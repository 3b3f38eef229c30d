package dev.caisson.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A finished filter: the program that seccomp(2) takes.
 *
 * @param instructions its instructions, in order
 */
public record Filter(List<Instruction> instructions) {

    /** How many instructions the kernel takes: BPF_MAXINSNS of linux/bpf_common.h. */
    public static final int MAX_INSTRUCTIONS = 4096;

    private static final int INSTRUCTION_BYTES = 8;

    public Filter {
        instructions = List.copyOf(instructions);
        if (instructions.isEmpty() || instructions.size() > MAX_INSTRUCTIONS) {
            throw new IllegalArgumentException(
                    "the filter has " + instructions.size() + " instructions, the kernel takes 1 to " + MAX_INSTRUCTIONS
                            + "; use fewer conditions on arguments");
        }
    }

    /** How many instructions it has. */
    public int size() {
        return instructions.size();
    }

    /** The program as an array of struct sock_filter. */
    public byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(size() * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction instruction : instructions) {
            bytes.putShort((short) instruction.code());
            bytes.put((byte) instruction.jt());
            bytes.put((byte) instruction.jf());
            bytes.putInt(instruction.k());
        }
        return bytes.array();
    }
}
