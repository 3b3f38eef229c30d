package dev.caisson.launcher.assembly;

/** What a system call's register is loaded with. */
sealed interface Operand {

    /** A number, or an address as a number. */
    record Constant(long value) implements Operand {}

    /** The word at an address. */
    record Word(long address) implements Operand {}

    static Operand of(long value) {
        return new Constant(value);
    }

    static Operand word(long address) {
        return new Word(address);
    }
}
