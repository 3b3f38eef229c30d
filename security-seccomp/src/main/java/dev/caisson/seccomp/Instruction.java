package dev.caisson.seccomp;

/**
 * An instruction of classic BPF, struct sock_filter of linux/filter.h.
 *
 * @param code the operation
 * @param jt how many instructions a comparison that holds skips, 0 to 255
 * @param jf how many one that does not hold skips
 * @param k the operand
 */
public record Instruction(int code, int jt, int jf, int k) {

    /** A := the word of struct seccomp_data at offset k. */
    static final int LOAD = 0x20;
    /** A := A & k. */
    static final int AND = 0x54;
    /** Skip k instructions. */
    static final int JUMP = 0x05;
    /** Skip jt instructions if A == k, else jf. */
    static final int IF_EQUAL = 0x15;
    /** Skip jt instructions if A > k, unsigned, else jf. */
    static final int IF_ABOVE = 0x25;
    /** Skip jt instructions if A >= k, unsigned, else jf. */
    static final int IF_AT_LEAST = 0x35;
    /** End with the value k. */
    static final int RETURN = 0x06;

    /** How far a comparison can jump. */
    static final int MAX_SKIP = 255;

    public Instruction {
        if (jt < 0 || jt > MAX_SKIP || jf < 0 || jf > MAX_SKIP) {
            throw new IllegalArgumentException("a comparison cannot skip " + Math.max(jt, jf) + " instructions");
        }
    }
}
