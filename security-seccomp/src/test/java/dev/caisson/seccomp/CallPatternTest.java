package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.program.Errno;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallPatternTest {

    @Test
    void aNameMeansEveryCall() {
        assertEquals(new CallPattern("ptrace", List.of()), CallPattern.parse(" ptrace "));
    }

    @Test
    void conditionsHaveMasksOperatorsAndNumbersInThreeBases() {
        assertEquals(
                new CallPattern(
                        "clone",
                        List.of(
                                new Condition(0, 0x7e02_0000, Operator.EQ, 0),
                                new Condition(1, -1, Operator.NE, 8),
                                new Condition(2, -1, Operator.LE, 10),
                                new Condition(3, -1, Operator.GE, 16),
                                new Condition(4, -1, Operator.LT, -1),
                                new Condition(5, -1, Operator.GT, Long.MIN_VALUE))),
                CallPattern.parse("clone( arg0&0x7E020000==0 && arg1 != 0o10&&arg2 <= 10 && arg3 >= 0x10"
                        + " && arg4 < 18446744073709551615 && arg5 > 0x8000000000000000 )"));
    }

    @Test
    void ofAnIntOnlyTheBitsCountThatTheKernelTakes() {
        assertEquals(
                List.of(new Condition(0, 0xffff_ffffL, Operator.NE, 40)),
                CallPattern.parse("socket(arg0 != 40)").conditions());
        assertEquals(
                List.of(new Condition(0, 0xffff_ffffL, Operator.EQ, 0xffff_ffffL)),
                CallPattern.parse("personality(arg0 == -1)").conditions());
        assertEquals(
                List.of(new Condition(1, 06000, Operator.EQ, 0)),
                CallPattern.parse("chmod(arg1 & 0o6000 == 0)").conditions());
        assertEquals(
                List.of(new Condition(1, 0xffff, Operator.LT, 0x1000)),
                CallPattern.parse("chmod(arg1 < 0x1000)").conditions());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read",
                "clone(arg0 & 0x7e020000 == 0)",
                "mmap(arg2 & 4 != 0 && arg3 >= 0x100000000)",
                "lseek(arg1 > 0xffffffffffffffff)",
                "socket(arg0 < 3 && arg1 & 0xf <= 9)"
            })
    void aPatternReadsAsItIsWritten(String text) {
        assertEquals(text, CallPattern.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "'' | expected the name of a system call",
                "-read | column 1: expected the name of a system call, found -read",
                "scoket(arg0 == 1) | column 1: there is no system call scoket; did you mean socket?",
                "opennat | column 1: there is no system call opennat; did you mean openat?",
                "unlikely | column 1: there is no system call unlikely",
                "frobnicate_everything | column 1: there is no system call frobnicate_everything",
                "read write | column 6: expected nothing more, found write",
                "read() | column 6: expected an argument, arg0 to arg5, found )",
                "read(fd == 1) | column 6: expected an argument, arg0 to arg5, found fd == 1)",
                "read(arg6 == 1) | column 6: expected an argument, arg0 to arg5, found arg6 == 1)",
                "read(arg0 = 1) | column 11: expected &, ==, !=, <, <=, > or >=, found = 1)",
                "read(arg0) | column 10: expected &, ==, !=, <, <=, > or >=, found )",
                "read(arg0 == x) | column 14: expected a number such as 40, 0x28 or 0o50 with at most 64 bits, found x",
                "read(arg0 == 010) | column 14: expected a number such as 40, 0x28 or 0o50 with at most 64 bits, found 010",
                "read(arg0 == ) | column 14: expected a number such as 40, 0x28 or 0o50, found )",
                "lseek(arg1 == 0x1ffffffffffffffff) | column 15: expected a number such as 40, 0x28 or 0o50 with at most 64 bits,"
                        + " found 0x1ffffffffffffffff",
                "socket(arg0 == 0x100000028) | column 16: of arg0 of socket the kernel takes 32 bits, 0x100000028 has more",
                "socket(arg0 == -2147483649) | column 16: of arg0 of socket the kernel takes 32 bits, -2147483649 has more",
                "chmod(arg1 & 0x10000 == 0) | column 14: of arg1 of chmod the kernel takes 16 bits, 0x10000 has more",
                "clone(arg0 & 0 == 0) | column 12: a mask of 0 leaves nothing to compare",
                "clone(arg0 & 0xf0 == 0x100) | column 22: 0x100 has bits outside the mask 0xf0",
                "read(arg0 == 1 || arg1 == 2) | column 16: expected && or ), found || arg1 == 2)",
                "read(arg0 == 1 | column 15: expected && or )"
            })
    void whatCannotBeReadIsExplained(String text, String complaint) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> CallPattern.parse(text));
        String expected = complaint.startsWith("column") ? complaint : "column 1: " + complaint;
        assertEquals("\"" + text + "\", " + expected, error.getMessage());
    }

    @Test
    void aRefusalNamesAnErrorOrMeansEperm() {
        assertEquals(new Refusal(new CallPattern("clone3", List.of()), Errno.ENOSYS), Refusal.parse("clone3 ENOSYS"));
        assertEquals(new Refusal(new CallPattern("clone3", List.of()), Errno.EPERM), Refusal.parse("clone3"));
        assertEquals(
                "\"clone3 ENOSUCH\", column 8: there is no error ENOSUCH; see errno(3)",
                assertThrows(IllegalArgumentException.class, () -> Refusal.parse("clone3 ENOSUCH"))
                        .getMessage());
    }
}
