package dev.caisson.launcher.assembly;

import dev.caisson.program.Architecture;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A processor reduced to what a launch needs: an accumulator, 64-bit words at fixed addresses, system calls and branches.
 *
 * <p>Each method emits the instructions for one operation. All addresses lie below 2 GiB; constants are signed numbers of 32 bits, except
 * those of {@link #load} and of system calls.
 */
abstract class Machine {

    private byte[] code = new byte[4096];
    private int length;

    /** The machine of an architecture. */
    static Machine of(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> new X86Machine();
            case AARCH64 -> new ArmMachine();
            case I386 -> throw new IllegalArgumentException("nothing is assembled for " + architecture);
        };
    }

    abstract Architecture architecture();

    /** Accumulator = constant. */
    abstract void load(long constant);

    /** Accumulator = the word at the address. */
    abstract void loadWord(long address);

    /** Accumulator = the unsigned 32-bit number at the address. */
    abstract void loadInt(long address);

    /** Accumulator = the byte that the accumulator points to. */
    abstract void loadByteAt();

    /** The word at the address = accumulator. */
    abstract void store(long address);

    /** The byte that the word at the address points to = the accumulator's lowest byte. */
    abstract void storeByteAt(long pointer);

    /** Accumulator += constant. */
    abstract void add(long constant);

    /** Accumulator += the word at the address. */
    abstract void addWord(long address);

    /** Accumulator -= the word at the address. */
    abstract void subtractWord(long address);

    /** Accumulator &= constant. */
    abstract void and(long constant);

    /** Accumulator >>>= bits. */
    abstract void shiftRight(int bits);

    /** Accumulator *= constant. */
    abstract void multiply(long constant);

    /** Accumulator /= divisor, unsigned; the remainder goes to the word at the address. */
    abstract void divide(long divisor, long remainder);

    /** Goes to the label if the accumulator compares so with the constant. */
    abstract void branch(Condition condition, long constant, Label label);

    /** Goes to the label if the accumulator compares so with the word at the address. */
    abstract void branchWord(Condition condition, long address, Label label);

    /** Goes to the label. */
    abstract void jump(Label label);

    /** Performs a system call; the accumulator is what it returns. */
    abstract void systemCall(int number, Operand... arguments);

    /** Keeps loads and stores before it from being seen after those that follow, by a process on another processor. */
    abstract void fence();

    /** Writes the distance from a jump to its label into the jump. */
    abstract void patch(int reference, int target);

    /** Performs a system call by name. */
    final void systemCall(String name, Operand... arguments) {
        systemCall(architecture().number(name), arguments);
    }

    /** The word at {@code address} = constant. */
    final void set(long address, long constant) {
        load(constant);
        store(address);
    }

    /** Makes the label the place that the code has reached. */
    final void bind(Label label) {
        label.offset = length;
        label.references.forEach(reference -> patch(reference, length));
    }

    /** Notes that the instruction at an offset jumps to the label, now or when it is bound. */
    final void refer(Label label, int reference) {
        label.references.add(reference);
        if (label.offset >= 0) {
            patch(reference, label.offset);
        }
    }

    final int here() {
        return length;
    }

    final void emit(int... bytes) {
        for (int value : bytes) {
            if (length == code.length) {
                code = Arrays.copyOf(code, 2 * length);
            }
            code[length++] = (byte) value;
        }
    }

    final void emitInt(int value) {
        emit(value, value >> 8, value >> 16, value >> 24);
    }

    final void emitLong(long value) {
        emitInt((int) value);
        emitInt((int) (value >> 32));
    }

    final int intAt(int offset) {
        return (code[offset] & 0xff)
                | (code[offset + 1] & 0xff) << 8
                | (code[offset + 2] & 0xff) << 16
                | (code[offset + 3] & 0xff) << 24;
    }

    final void putInt(int offset, int value) {
        for (int i = 0; i < 4; i++) {
            code[offset + i] = (byte) (value >> (8 * i));
        }
    }

    final void writeTo(ByteArrayOutputStream out) {
        out.write(code, 0, length);
    }
}
