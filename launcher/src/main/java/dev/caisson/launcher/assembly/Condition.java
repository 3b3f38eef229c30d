package dev.caisson.launcher.assembly;

/** How the accumulator compares, as signed numbers, for a branch to be taken. */
enum Condition {
    EQUAL(0x84, 0),
    NOT_EQUAL(0x85, 1),
    LESS(0x8C, 11),
    GREATER_OR_EQUAL(0x8D, 10),
    LESS_OR_EQUAL(0x8E, 13),
    GREATER(0x8F, 12);

    /** The second byte of jcc rel32. */
    final int x86;

    /** The condition field of b.cond. */
    final int arm;

    Condition(int x86, int arm) {
        this.x86 = x86;
        this.arm = arm;
    }
}
