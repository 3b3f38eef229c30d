package dev.caisson.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

    @ParameterizedTest
    @CsvSource({"read, 0, 63, 3", "execve, 59, 221, 11", "clone3, 435, 435, 435", "pivot_root, 155, 41, 217"})
    void numbersAreTheKernels(String name, int x86, int arm, int i386) {
        assertEquals(x86, Architecture.X86_64.number(name));
        assertEquals(arm, Architecture.AARCH64.number(name));
        assertEquals(i386, Architecture.I386.number(name));
    }

    @Test
    void theHeadersOfThisMachineSayTheSame() throws IOException {
        compare(Architecture.X86_64, "x86_64-linux-gnu/asm/unistd_64.h");
        compare(Architecture.I386, "x86_64-linux-gnu/asm/unistd_32.h");
    }

    @Test
    void theGenericHeaderSaysTheSameOf64BitArm() throws IOException {
        compare(Architecture.AARCH64, "asm-generic/unistd.h");
    }

    /** Every number there; a newer call is missing in the header, and not the other way round. */
    private static void compare(Architecture architecture, String header) throws IOException {
        Map<String, Integer> theirs = new TreeMap<>();
        Map<String, Integer> ours = new TreeMap<>();
        KernelHeaders.defined(header).forEach((name, number) -> {
            String call = name.replaceFirst("^__NR3264_|^__NR_", "");
            if (!call.equals(name) && architecture.numbers().containsKey(call)) {
                theirs.put(call, number);
                ours.put(call, architecture.number(call));
            }
        });
        assertEquals(theirs, ours);
        assertTrue(ours.size() > 250, () -> "only " + ours.size() + " calls were compared");
    }

    @Test
    void auditNumbersAreThoseOfLinuxAuditH() {
        assertEquals(0xc000003e, Architecture.X86_64.auditNumber());
        assertEquals(0xc00000b7, Architecture.AARCH64.auditNumber());
        assertEquals(0x40000003, Architecture.I386.auditNumber());
    }

    @Test
    void aStepTakesOnlyCallsThatBothArchitecturesHave() {
        Op.call("openat");
        String message = assertThrows(IllegalArgumentException.class, () -> Op.call("open"))
                .getMessage();
        assertEquals("aarch64 has no system call open", message);
        assertThrows(IllegalArgumentException.class, () -> Op.call("opennat"));
    }

    @Test
    void errorNumbersAreTheKernels() throws IOException {
        Map<String, Integer> headers = KernelHeaders.defined("asm-generic/errno-base.h", "asm-generic/errno.h");
        for (Errno errno : Errno.values()) {
            assertEquals(headers.get(errno.name()), errno.number(), errno.name());
        }
        assertTrue(Errno.values().length > 100);
    }
}
