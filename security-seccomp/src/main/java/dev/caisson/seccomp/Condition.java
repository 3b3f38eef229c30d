package dev.caisson.seccomp;

/**
 * A condition on one argument of a system call: {@code argument & mask}, compared with a value.
 *
 * <p>An argument is a 64-bit register. The kernel looks at all of it only where it declares a long or a pointer; of
 * an int it takes the low half, and a program may put anything into the high one. A condition on such an argument
 * needs the mask {@link #INT}.
 *
 * @param argument which argument, 0 to 5
 * @param mask the bits that count, at least one
 * @param operator how to compare
 * @param value what to compare with; it has no bit outside the mask
 */
public record Condition(int argument, long mask, Operator operator, long value) {

    /** The bits that the kernel takes of an int. */
    public static final long INT = 0xffff_ffffL;

    public Condition {
        if (argument < 0 || argument > 5) {
            throw new IllegalArgumentException("a system call has the arguments arg0 to arg5, no arg" + argument);
        }
        if (mask == 0) {
            throw new IllegalArgumentException("a mask of 0 leaves nothing of arg" + argument + " to compare");
        }
        if ((value & ~mask) != 0) {
            throw new IllegalArgumentException(number(value) + " has bits outside " + number(mask) + ", the part of arg"
                    + argument + " that is compared");
        }
    }

    /** A number as people write bits: small ones in decimal, others in hexadecimal. */
    static String number(long value) {
        return Long.compareUnsigned(value, 9) <= 0 ? Long.toString(value) : "0x" + Long.toHexString(value);
    }
}
