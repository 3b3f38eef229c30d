package dev.caisson.launcher.assembly;

import dev.caisson.program.Architecture;

/**
 * Encodes for aarch64: the accumulator is x0, x9 to x12 are scratch.
 *
 * <p>From the Arm Architecture Reference Manual, A64 base instructions.
 */
final class ArmMachine extends Machine {

    private static final int ACCUMULATOR = 0;
    private static final int NUMBER = 8;
    private static final int ADDRESS = 9;
    private static final int SCRATCH = 10;

    @Override
    Architecture architecture() {
        return Architecture.AARCH64;
    }

    @Override
    void load(long constant) {
        move(ACCUMULATOR, constant);
    }

    @Override
    void loadWord(long address) {
        moveWord(ACCUMULATOR, address);
    }

    @Override
    void loadInt(long address) {
        move(ADDRESS, address);
        emitInt(0xB9400000 | ADDRESS << 5); // ldr w0, [x9]
    }

    @Override
    void loadByteAt() {
        emitInt(0x39400000); // ldrb w0, [x0]
    }

    @Override
    void store(long address) {
        move(ADDRESS, address);
        emitInt(0xF9000000 | ADDRESS << 5); // str x0, [x9]
    }

    @Override
    void storeByteAt(long pointer) {
        moveWord(ADDRESS, pointer);
        emitInt(0x39000000 | ADDRESS << 5); // strb w0, [x9]
    }

    @Override
    void add(long constant) {
        move(SCRATCH, constant);
        emitInt(0x8B0A0000); // add x0, x0, x10
    }

    @Override
    void addWord(long address) {
        moveWord(SCRATCH, address);
        emitInt(0x8B0A0000); // add x0, x0, x10
    }

    @Override
    void subtractWord(long address) {
        moveWord(SCRATCH, address);
        emitInt(0xCB0A0000); // sub x0, x0, x10
    }

    @Override
    void and(long constant) {
        move(SCRATCH, constant);
        emitInt(0x8A0A0000); // and x0, x0, x10
    }

    @Override
    void shiftRight(int bits) {
        emitInt(0xD340FC00 | bits << 16); // lsr x0, x0, #bits
    }

    @Override
    void multiply(long constant) {
        move(SCRATCH, constant);
        emitInt(0x9B0A7C00); // mul x0, x0, x10
    }

    @Override
    void divide(long divisor, long remainder) {
        move(SCRATCH, divisor);
        emitInt(0x9ACA080B); // udiv x11, x0, x10
        emitInt(0x9B0A816C); // msub x12, x11, x10, x0
        move(ADDRESS, remainder);
        emitInt(0xF900012C); // str x12, [x9]
        emitInt(0xAA0B03E0); // mov x0, x11
    }

    @Override
    void branch(Condition condition, long constant, Label label) {
        move(SCRATCH, constant);
        compareAndBranch(condition, label);
    }

    @Override
    void branchWord(Condition condition, long address, Label label) {
        moveWord(SCRATCH, address);
        compareAndBranch(condition, label);
    }

    @Override
    void jump(Label label) {
        reference(0x14000000, label); // b
    }

    @Override
    void systemCall(int number, Operand... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Operand.Constant constant) {
                move(i, constant.value());
            } else if (arguments[i] instanceof Operand.Word word) {
                moveWord(i, word.address());
            }
        }
        move(NUMBER, number);
        emitInt(0xD4000001); // svc #0
    }

    @Override
    void fence() {
        emitInt(0xD5033BBF); // dmb ish
    }

    @Override
    void patch(int reference, int target) {
        int distance = (target - reference) >> 2;
        int instruction = intAt(reference);
        if (instruction >>> 26 == 0x05) { // b: 26 bits, 128 MiB
            putInt(reference, (instruction & 0xFC000000) | (distance & 0x03FFFFFF));
        } else { // b.cond: 19 bits, 1 MiB
            if (distance != distance << 13 >> 13) {
                throw new IllegalStateException("the program is too long: a branch over " + 4L * distance + " bytes");
            }
            putInt(reference, (instruction & 0xFF00001F) | (distance & 0x7FFFF) << 5);
        }
    }

    private void compareAndBranch(Condition condition, Label label) {
        emitInt(0xEB0A001F); // cmp x0, x10
        reference(0x54000000 | condition.arm, label); // b.cond
    }

    private void reference(int instruction, Label label) {
        int reference = here();
        emitInt(instruction);
        refer(label, reference);
    }

    /** movz or movn, then movk for each further sixteen bits that differ. */
    private void move(int register, long constant) {
        boolean negative = constant < 0;
        int background = negative ? 0xffff : 0;
        boolean first = true;
        for (int part = 0; part < 4; part++) {
            int bits = (int) (constant >>> (16 * part)) & 0xffff;
            if (bits == background && !(first && part == 3)) {
                continue;
            }
            int place = part << 21 | register;
            if (!first) {
                emitInt(0xF2800000 | place | bits << 5); // movk
            } else if (negative) {
                emitInt(0x92800000 | place | (~bits & 0xffff) << 5); // movn
            } else {
                emitInt(0xD2800000 | place | bits << 5); // movz
            }
            first = false;
        }
    }

    private void moveWord(int register, long address) {
        move(ADDRESS, address);
        emitInt(0xF9400000 | ADDRESS << 5 | register); // ldr xN, [x9]
    }
}
