package dev.caisson.launcher.assembly;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Emits the operations on the kernel's text files: write, read back, collect, kill what is listed. */
final class FileRoutines {

    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int BUFFER = 4096;

    private FileRoutines() {}

    /** Accumulator = what write(2) returned, or the error of opening or closing, or ENOSPC when not all could be written. */
    static void write(Frame frame, Op.WriteFile op) {
        Machine m = frame.m;
        byte[] content = op.content().getBytes(StandardCharsets.UTF_8);
        long descriptor = frame.memory.word();
        long result = frame.memory.word();
        Label end = new Label();
        frame.open(frame.memory.operand(op.path(), m), WRITE);
        m.branch(Condition.LESS, 0, end);
        m.store(descriptor);
        m.systemCall(
                "write", Operand.word(descriptor), Operand.of(frame.memory.bytes(content)), Operand.of(content.length));
        m.store(result);
        frame.close(descriptor);
        m.branch(Condition.LESS, 0, end);
        m.loadWord(result);
        m.branch(Condition.LESS, 0, end);
        m.branch(Condition.EQUAL, content.length, end);
        m.load(-Errno.ENOSPC.number());
        m.bind(end);
    }

    /** Accumulator = 0 if the file says this and a newline, else an error. Compares eight bytes at a time. */
    static void expect(Frame frame, Op.ExpectFile op) {
        Machine m = frame.m;
        byte[] expected = (op.content() + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer words = ByteBuffer.wrap(Arrays.copyOf(expected, (expected.length + 7) & ~7))
                .order(ByteOrder.LITTLE_ENDIAN);
        long descriptor = frame.memory.word();
        long count = frame.memory.word();
        long buffer = frame.memory.room(expected.length + 1);
        Label end = new Label();
        Label differs = new Label();
        frame.open(Operand.of(frame.memory.string(op.path())), READ);
        m.branch(Condition.LESS, 0, end);
        m.store(descriptor);
        m.set(
                buffer + words.capacity() - 8,
                0); // of an attempt before, there may be more in the last word than is read now
        m.systemCall("read", Operand.word(descriptor), Operand.of(buffer), Operand.of(expected.length + 1));
        m.store(count);
        frame.close(descriptor);
        m.loadWord(count);
        m.branch(Condition.LESS, 0, end);
        m.branch(Condition.NOT_EQUAL, expected.length, differs);
        for (int i = 0; words.hasRemaining(); i++) {
            m.loadWord(buffer + 8L * i);
            m.branchWord(Condition.NOT_EQUAL, frame.memory.words(words.getLong()), differs);
        }
        m.load(0);
        m.jump(end);
        m.bind(differs);
        m.load(-Errno.EBADMSG.number());
        m.bind(end);
    }

    /** Reads into an area of the outcome: its length or the negative error, then the bytes. Accumulator = 0. */
    static void collect(Frame frame, Op.CollectFile op, long area) {
        Machine m = frame.m;
        long descriptor = frame.memory.word();
        Label end = new Label();
        frame.open(Operand.of(frame.memory.string(op.path())), READ);
        m.store(area);
        m.branch(Condition.LESS, 0, end);
        m.store(descriptor);
        m.systemCall("read", Operand.word(descriptor), Operand.of(area + 8), Operand.of(Op.COLLECT_LIMIT));
        m.store(area);
        frame.close(descriptor);
        m.bind(end);
        m.load(0);
    }

    /**
     * Sends SIGKILL to every number in the file. Accumulator = 0 if it lists none, EAGAIN if it did, or the error of opening. The number 0
     * stands for a process that this pid namespace cannot see; kill(0) would be the monitor's own group, so it is skipped.
     */
    static void killListed(Frame frame, Op.KillListed op) {
        Machine m = frame.m;
        long descriptor = frame.memory.word();
        long pointer = frame.memory.word();
        long remaining = frame.memory.word();
        long number = frame.memory.word();
        long digit = frame.memory.word();
        long killed = frame.memory.word();
        long buffer = frame.memory.room(BUFFER);
        Label read = new Label();
        Label next = new Label();
        Label separator = new Label();
        Label advance = new Label();
        Label done = new Label();
        Label end = new Label();

        m.set(killed, 0);
        m.set(number, 0);
        frame.open(Operand.of(frame.memory.string(op.path())), READ);
        m.branch(Condition.LESS, 0, end);
        m.store(descriptor);
        m.bind(read);
        m.systemCall("read", Operand.word(descriptor), Operand.of(buffer), Operand.of(BUFFER));
        m.branch(Condition.LESS_OR_EQUAL, 0, done);
        m.store(remaining);
        m.set(pointer, buffer);
        m.bind(next);
        m.loadWord(pointer);
        m.loadByteAt();
        m.add(-'0');
        m.branch(Condition.LESS, 0, separator);
        m.store(digit);
        m.loadWord(number);
        m.multiply(10);
        m.addWord(digit);
        m.store(number);
        m.jump(advance);
        m.bind(separator);
        m.loadWord(number);
        m.branch(Condition.EQUAL, 0, advance);
        m.systemCall("kill", Operand.word(number), Operand.of(Frame.SIGKILL));
        m.set(killed, -Errno.EAGAIN.number());
        m.set(number, 0);
        m.bind(advance);
        m.loadWord(pointer);
        m.add(1);
        m.store(pointer);
        m.loadWord(remaining);
        m.add(-1);
        m.store(remaining);
        m.branch(Condition.GREATER, 0, next);
        m.jump(read);
        m.bind(done);
        frame.close(descriptor);
        m.loadWord(killed);
        m.bind(end);
    }
}
