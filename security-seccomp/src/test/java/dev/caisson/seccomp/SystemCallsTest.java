package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.program.Architecture;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SystemCallsTest {

    @Test
    void aNameExistsIfSomeArchitectureHasIt() {
        assertTrue(SystemCalls.exist("openat"));
        assertTrue(SystemCalls.exist("arch_prctl"));
        assertTrue(SystemCalls.exist("socketcall"));
        assertFalse(SystemCalls.exist("sendto_all"));
    }

    @Test
    void theNearestNameIsTheOneThatWasProbablyMeant() {
        assertEquals(Optional.of("getdents64"), SystemCalls.nearest("getdent64"));
        assertEquals(Optional.of("unshare"), SystemCalls.nearest("unhsare"));
        assertEquals(Optional.empty(), SystemCalls.nearest("hovercraft"));
    }

    @Test
    void argumentsAreAsWideAsTheKernelDeclaresThem() {
        assertEquals(0xffff_ffffL, SystemCalls.mask("socket", 0));
        assertEquals(0xffff_ffffL, SystemCalls.mask("ioctl", 1));
        assertEquals(-1, SystemCalls.mask("ioctl", 2));
        assertEquals(-1, SystemCalls.mask("clone", 0));
        assertEquals(-1, SystemCalls.mask("ptrace", 0));
        assertEquals(0xffff, SystemCalls.mask("mkdirat", 2));
        assertEquals(-1, SystemCalls.mask("getpid", 0));
    }

    /** One number, one name: else a filter would decide about two calls at once. */
    @ParameterizedTest
    @EnumSource(Architecture.class)
    void noNumberHasTwoNames(Architecture architecture) {
        Map<String, Integer> numbers = architecture.numbers();
        Set<Integer> distinct = new HashSet<>(numbers.values());
        assertEquals(numbers.size(), distinct.size());
    }
}
