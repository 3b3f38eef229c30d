package dev.caisson.launcher.assembly;

import dev.caisson.program.Argument;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Emits the code that puts a number, in decimal, into the middle of a string. */
final class Formatting {

    /** The digits of 2^64. */
    private static final int DIGITS = 20;

    private Formatting() {}

    /** The address at which the string stands once the code has run. */
    static long emit(Machine m, Memory memory, Argument.Formatted formatted) {
        byte[] before = formatted.before().getBytes(StandardCharsets.UTF_8);
        byte[] after = formatted.after().getBytes(StandardCharsets.UTF_8);
        byte[] numberAndAfter = new byte[DIGITS + after.length + 1];
        System.arraycopy(after, 0, numberAndAfter, DIGITS, after.length);
        long string = memory.bytes(Arrays.copyOf(before, before.length + numberAndAfter.length));
        long digits = memory.bytes(numberAndAfter);
        long pointer = memory.word();
        long end = memory.word();
        long quotient = memory.word();
        long remainder = memory.word();

        // The digits, from the last to the first, before the text after, ...
        Label next = new Label();
        m.set(pointer, digits + DIGITS);
        m.loadWord(memory.result(formatted.number().name()));
        m.store(quotient);
        m.bind(next);
        m.loadWord(pointer);
        m.add(-1);
        m.store(pointer);
        m.loadWord(quotient);
        m.divide(10, remainder);
        m.store(quotient);
        m.loadWord(remainder);
        m.add('0');
        m.storeByteAt(pointer);
        m.loadWord(quotient);
        m.branch(Condition.NOT_EQUAL, 0, next);

        // ... then both, with the zero at the end, behind the text before.
        Label copy = new Label();
        m.set(end, string + before.length);
        m.bind(copy);
        m.loadWord(pointer);
        m.loadByteAt();
        m.storeByteAt(end);
        increment(m, end);
        increment(m, pointer);
        m.loadWord(pointer);
        m.branch(Condition.NOT_EQUAL, digits + numberAndAfter.length, copy);
        return string;
    }

    private static void increment(Machine m, long address) {
        m.loadWord(address);
        m.add(1);
        m.store(address);
    }
}
