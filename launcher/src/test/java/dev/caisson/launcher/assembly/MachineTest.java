package dev.caisson.launcher.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.program.Architecture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs each operation of each machine at the boundaries of its numbers: the program computes, and writes what it got. */
class MachineTest {

    private static final long[] NUMBERS = {
        0,
        1,
        2,
        0x7f,
        0xffff,
        0x10000,
        0x12345678,
        0x7fffffffL,
        0x80000000L,
        0xffffffffL,
        0x100000000L,
        0x1_0000_0001L,
        0x1234_0000_5678_0000L,
        0x0000_ffff_0000_ffffL,
        0xffff_0000_ffff_0000L,
        0x1234_5678_9abc_def0L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        -4095,
        -0x10000,
        -0x10001,
        Integer.MIN_VALUE,
        Integer.MIN_VALUE - 1L,
    };

    /** Those that the operations with a constant take. */
    private static final long[] INTS = {
        0, 1, 2, 0x7f, 0xffff, 0x10000, 0x12345678, Integer.MAX_VALUE, -1, -4095, -0x10001, Integer.MIN_VALUE
    };

    @TempDir
    Path directory;

    /** One program: each result is stored in a table, which is written at the end. */
    private static final class Sheet {

        final Machine m;
        final Memory memory;
        private final long table;
        private final List<String> names = new ArrayList<>();
        private final List<Long> expected = new ArrayList<>();

        Sheet(Architecture architecture) {
            m = Machine.of(architecture);
            memory = new Memory(architecture, ElfFile.HEADERS);
            table = memory.room(1 << 20);
        }

        /** The accumulator should be this now. */
        void expect(String name, long value) {
            m.store(table + 8L * names.size());
            names.add(name);
            expected.add(value);
        }

        void assertRuns(Path directory) throws IOException, InterruptedException {
            int size = 8 * names.size();
            m.systemCall("write", Operand.of(1), Operand.of(table), Operand.of(size));
            m.systemCall("exit_group", Operand.of(42));

            Path executable = Files.write(directory.resolve("program"), ElfFile.write(m, memory));
            executable.toFile().setExecutable(true);
            Path output = directory.resolve("output");
            int status = new ProcessBuilder(Emulation.command(m.architecture(), executable))
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();

            assertEquals(42, status);
            ByteBuffer words = ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(size, words.capacity());
            for (int i = 0; i < names.size(); i++) {
                assertEquals(expected.get(i), words.getLong(8 * i), names.get(i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void constantsAndMemory(Architecture architecture) throws Exception {
        Sheet sheet = new Sheet(architecture);
        Machine m = sheet.m;
        for (long number : NUMBERS) {
            m.load(number);
            sheet.expect("load " + number, number);
            long word = sheet.memory.words(number);
            m.loadWord(word);
            sheet.expect("load word " + number, number);
            m.loadInt(word);
            sheet.expect("load int " + number, number & 0xffffffffL);
            m.loadInt(word + 4);
            sheet.expect("load int " + number + ", upper half", number >>> 32);
            long copy = sheet.memory.word();
            m.set(copy, number);
            m.load(5);
            m.loadWord(copy);
            sheet.expect("set " + number, number);
        }
        long text = sheet.memory.bytes(new byte[] {'a', (byte) 0xff, 'c', 0, 0, 0, 0, 0});
        m.load(text + 1);
        m.loadByteAt();
        sheet.expect("load byte at", 0xff);
        long pointer = sheet.memory.words(text + 2);
        m.load(0x1234);
        m.storeByteAt(pointer);
        sheet.expect("store byte at leaves the accumulator", 0x1234);
        m.loadWord(text);
        sheet.expect("store byte at", 0x34ff61);
        sheet.assertRuns(directory);
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void arithmetic(Architecture architecture) throws Exception {
        Sheet sheet = new Sheet(architecture);
        Machine m = sheet.m;
        for (long left : NUMBERS) {
            long word = sheet.memory.words(left);
            for (long right : INTS) {
                m.loadWord(word);
                m.add(right);
                sheet.expect(left + " + " + right, left + right);
                m.loadWord(word);
                m.and(right);
                sheet.expect(left + " & " + right, left & right);
                m.loadWord(word);
                m.multiply(right);
                sheet.expect(left + " * " + right, left * right);
            }
            for (long right : NUMBERS) {
                m.load(right);
                m.addWord(word);
                sheet.expect(right + " + word " + left, right + left);
                m.load(right);
                m.subtractWord(word);
                sheet.expect(right + " - word " + left, right - left);
            }
            for (int bits : new int[] {1, 8, 31, 32, 48, 63}) {
                m.loadWord(word);
                m.shiftRight(bits);
                sheet.expect(left + " >>> " + bits, left >>> bits);
            }
            for (long divisor : new long[] {1, 2, 3, 10, 1_000_000_000, Integer.MAX_VALUE}) {
                long remainder = sheet.memory.word();
                m.loadWord(word);
                m.divide(divisor, remainder);
                sheet.expect(left + " / " + divisor, Long.divideUnsigned(left, divisor));
                m.loadWord(remainder);
                sheet.expect(left + " % " + divisor, Long.remainderUnsigned(left, divisor));
            }
        }
        sheet.assertRuns(directory);
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void branches(Architecture architecture) throws Exception {
        Sheet sheet = new Sheet(architecture);
        Machine m = sheet.m;
        for (Condition condition : Condition.values()) {
            for (long left : NUMBERS) {
                for (long right : INTS) {
                    Label taken = new Label();
                    m.load(left);
                    m.branch(condition, right, taken);
                    expectTaken(sheet, taken, left, condition, right);
                }
                for (long right : NUMBERS) {
                    Label taken = new Label();
                    long word = sheet.memory.words(right);
                    m.load(left);
                    m.branchWord(condition, word, taken);
                    expectTaken(sheet, taken, left, condition, right);
                }
            }
        }
        sheet.assertRuns(directory);
    }

    /** The accumulator is kept by a branch, so it tells the way: it is loaded anew if the branch was not taken. */
    private static void expectTaken(Sheet sheet, Label taken, long left, Condition condition, long right) {
        long notTaken = left ^ 1;
        sheet.m.load(notTaken);
        sheet.m.bind(taken);
        sheet.expect(left + " " + condition + " " + right, holds(condition, left, right) ? left : notTaken);
    }

    private static boolean holds(Condition condition, long left, long right) {
        return switch (condition) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case GREATER_OR_EQUAL -> left >= right;
            case LESS_OR_EQUAL -> left <= right;
            case GREATER -> left > right;
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void jumpsAndLoops(Architecture architecture) throws Exception {
        Sheet sheet = new Sheet(architecture);
        Machine m = sheet.m;
        Label over = new Label();
        m.load(7);
        m.jump(over);
        m.load(8);
        m.bind(over);
        sheet.expect("jump forward", 7);
        Label again = new Label();
        m.load(0);
        m.bind(again);
        m.add(1);
        m.branch(Condition.LESS, 1000, again);
        sheet.expect("loop", 1000);
        m.fence();
        sheet.expect("fence leaves the accumulator", 1000);
        sheet.assertRuns(directory);
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void systemCallsTakeSixArguments(Architecture architecture) throws Exception {
        Sheet sheet = new Sheet(architecture);
        Machine m = sheet.m;
        long room = 0x30000000L;
        m.systemCall(
                "mmap",
                Operand.word(sheet.memory.words(room)),
                Operand.of(0x2000),
                Operand.of(3),
                Operand.word(sheet.memory.words(0x32)), // MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS
                Operand.of(-1),
                Operand.of(0));
        sheet.expect("mmap", room);
        m.systemCall("mmap", Operand.of(0), Operand.of(0x1000), Operand.of(3), Operand.of(2), Operand.of(-1));
        sheet.expect("mmap of the descriptor -1", -9); // EBADF
        m.systemCall("close", Operand.of(-1));
        sheet.expect("close(-1)", -9);
        sheet.assertRuns(directory);
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void codeMayBeLong(Architecture architecture) throws Exception {
        Sheet sheet = new Sheet(architecture);
        Label end = new Label();
        sheet.m.load(1);
        sheet.m.branch(Condition.EQUAL, 1, end);
        while (sheet.m.here() < 1_000_000) {
            sheet.m.load(2);
        }
        sheet.m.bind(end);
        sheet.expect("branch over a megabyte", 1);
        sheet.assertRuns(directory);
    }

    @ParameterizedTest
    @EnumSource(names = "AARCH64")
    void aBranchThatCannotReachIsRefused(Architecture architecture) {
        Machine m = Machine.of(architecture);
        Label end = new Label();
        m.branch(Condition.EQUAL, 1, end);
        while (m.here() < 1_100_000) {
            m.load(2);
        }
        assertThrows(IllegalStateException.class, () -> m.bind(end));
    }
}
