package dev.caisson.seccomp;

/** The offsets in struct seccomp_data of linux/seccomp.h, which is all that a filter sees of a system call. */
final class SeccompData {

    /** The call's number. */
    static final int NUMBER = 0;
    /** The architecture whose call it is, AUDIT_ARCH_*. */
    static final int ARCHITECTURE = 4;

    private static final int ARGUMENTS = 16;

    private SeccompData() {}

    /** The low word of an argument. */
    static int low(int argument) {
        return ARGUMENTS + 8 * argument;
    }

    /** The high word of an argument. */
    static int high(int argument) {
        return low(argument) + 4;
    }

    /** The name of the word at an offset, for people. */
    static String name(int offset) {
        return switch (offset) {
            case NUMBER -> "number";
            case ARCHITECTURE -> "architecture";
            default -> {
                int argument = (offset - ARGUMENTS) / 8;
                yield offset == low(argument) ? "arg" + argument : "arg" + argument + " high word";
            }
        };
    }
}
