package dev.caisson.launcher.assembly;

import dev.caisson.program.Architecture;

/**
 * Encodes for x86-64: the accumulator is rax, rcx and rdx are scratch.
 *
 * <p>From the Intel manual's volume 2. Words are addressed absolutely: ModRM with a SIB byte of 0x25 and 32 bits of displacement.
 */
final class X86Machine extends Machine {

    private static final int RAX = 0;

    /** rdi, rsi, rdx, r10, r8, r9: the kernel's argument registers. */
    private static final int[] ARGUMENTS = {7, 6, 2, 10, 8, 9};

    @Override
    Architecture architecture() {
        return Architecture.X86_64;
    }

    @Override
    void load(long constant) {
        move(RAX, constant);
    }

    @Override
    void loadWord(long address) {
        moveWord(RAX, address);
    }

    @Override
    void loadInt(long address) {
        absolute(address, 0x8B, 0x04, 0x25); // mov eax, [address]
    }

    @Override
    void loadByteAt() {
        emit(0x0F, 0xB6, 0x00); // movzx eax, byte [rax]
    }

    @Override
    void store(long address) {
        absolute(address, 0x48, 0x89, 0x04, 0x25); // mov [address], rax
    }

    @Override
    void storeByteAt(long pointer) {
        absolute(pointer, 0x48, 0x8B, 0x0C, 0x25); // mov rcx, [pointer]
        emit(0x88, 0x01); // mov [rcx], al
    }

    @Override
    void add(long constant) {
        emit(0x48, 0x05); // add rax, imm32
        emitInt(Math.toIntExact(constant));
    }

    @Override
    void addWord(long address) {
        absolute(address, 0x48, 0x03, 0x04, 0x25); // add rax, [address]
    }

    @Override
    void subtractWord(long address) {
        absolute(address, 0x48, 0x2B, 0x04, 0x25); // sub rax, [address]
    }

    @Override
    void and(long constant) {
        emit(0x48, 0x25); // and rax, imm32
        emitInt(Math.toIntExact(constant));
    }

    @Override
    void shiftRight(int bits) {
        emit(0x48, 0xC1, 0xE8, bits); // shr rax, imm8
    }

    @Override
    void multiply(long constant) {
        emit(0x48, 0x69, 0xC0); // imul rax, rax, imm32
        emitInt(Math.toIntExact(constant));
    }

    @Override
    void divide(long divisor, long remainder) {
        emit(0xB9); // mov ecx, imm32
        emitInt(Math.toIntExact(divisor));
        emit(0x31, 0xD2); // xor edx, edx
        emit(0x48, 0xF7, 0xF1); // div rcx
        absolute(remainder, 0x48, 0x89, 0x14, 0x25); // mov [remainder], rdx
    }

    @Override
    void branch(Condition condition, long constant, Label label) {
        emit(0x48, 0x3D); // cmp rax, imm32
        emitInt(Math.toIntExact(constant));
        branch(condition, label);
    }

    @Override
    void branchWord(Condition condition, long address, Label label) {
        absolute(address, 0x48, 0x3B, 0x04, 0x25); // cmp rax, [address]
        branch(condition, label);
    }

    @Override
    void jump(Label label) {
        emit(0xE9); // jmp rel32
        reference(label);
    }

    @Override
    void systemCall(int number, Operand... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Operand.Constant constant) {
                move(ARGUMENTS[i], constant.value());
            } else if (arguments[i] instanceof Operand.Word word) {
                moveWord(ARGUMENTS[i], word.address());
            }
        }
        move(RAX, number);
        emit(0x0F, 0x05); // syscall
    }

    @Override
    void fence() {} // the processor keeps the order of loads, and that of stores

    @Override
    void patch(int reference, int target) {
        putInt(reference, target - (reference + 4));
    }

    private void branch(Condition condition, Label label) {
        emit(0x0F, condition.x86); // jcc rel32
        reference(label);
    }

    private void reference(Label label) {
        int reference = here();
        emitInt(0);
        refer(label, reference);
    }

    /** Loads a register in the shortest way. */
    private void move(int register, long constant) {
        int low = register & 7;
        int high = register >> 3;
        if (constant == 0) { // xor r32, r32
            if (high == 1) {
                emit(0x45);
            }
            emit(0x31, 0xC0 | low << 3 | low);
        } else if (constant == (constant & 0xffffffffL)) { // mov r32, imm32, which clears the upper half
            if (high == 1) {
                emit(0x41);
            }
            emit(0xB8 | low);
            emitInt((int) constant);
        } else if (constant == (int) constant) { // mov r64, imm32, sign-extended
            emit(0x48 | high, 0xC7, 0xC0 | low);
            emitInt((int) constant);
        } else { // mov r64, imm64
            emit(0x48 | high, 0xB8 | low);
            emitLong(constant);
        }
    }

    private void moveWord(int register, long address) {
        absolute(address, 0x48 | register >> 3 << 2, 0x8B, 0x04 | (register & 7) << 3, 0x25); // mov r64, [address]
    }

    private void absolute(long address, int... instruction) {
        emit(instruction);
        emitInt(Math.toIntExact(address));
    }
}
