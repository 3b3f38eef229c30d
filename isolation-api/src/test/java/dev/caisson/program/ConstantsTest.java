package dev.caisson.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstantsTest {

    @Test
    void theHeadersOfThisMachineSayTheSame(@TempDir Path directory) throws Exception {
        Architecture here = Architecture.current();
        Map<String, Long> headers = KernelHeaders.compiled(Constants.names(), directory);

        Map<String, Long> ours = new TreeMap<>();
        headers.keySet().forEach(name -> ours.put(name, Constants.value(List.of(name), here)));
        assertEquals(new TreeMap<>(headers), ours);
        assertTrue(
                headers.size() > 150, "nearly all are known to the headers of any distribution, not " + headers.size());
    }

    /** The three that differ; arch/arm64/include/uapi/asm/fcntl.h and asm-generic/fcntl.h, in octal as they stand there. */
    @ParameterizedTest
    @CsvSource({
        "O_DIRECTORY, 0200000, 040000",
        "O_NOFOLLOW, 0400000, 0100000",
        "O_TMPFILE, 020200000, 020040000",
        "O_CLOEXEC, 02000000, 02000000",
        "O_PATH, 010000000, 010000000"
    })
    void architecturesNumberSomeDifferently(String name, String x86, String arm) {
        assertEquals(Long.decode(x86), Constants.value(List.of(name), Architecture.X86_64));
        assertEquals(Long.decode(arm), Constants.value(List.of(name), Architecture.AARCH64));
    }

    @Test
    void theHeadersOf64BitArmSayTheSame() throws Exception {
        Path header = Path.of("/usr/aarch64-linux-gnu/include/asm/fcntl.h");
        assumeTrue(
                header.toFile().exists(), "there are no headers for aarch64 here; install linux-libc-dev-arm64-cross");
        Map<String, Integer> octal = KernelHeaders.defined(header.toString());
        for (String name : List.of("O_DIRECTORY", "O_NOFOLLOW")) {
            assertEquals(
                    Long.parseLong(String.valueOf(octal.get(name)), 8),
                    Constants.value(List.of(name), Architecture.AARCH64));
        }
    }

    @Test
    void constantsAreJoinedByOr() {
        assertEquals(0, Constants.value(List.of(), Architecture.X86_64));
        assertEquals(0x80001, Constants.value(List.of("O_WRONLY", "O_CLOEXEC"), Architecture.X86_64));
        assertEquals(-100, Constants.value(List.of("AT_FDCWD"), Architecture.AARCH64));
    }

    @Test
    void anUnknownNameIsRefusedWhereItIsWritten() {
        String message = assertThrows(IllegalArgumentException.class, () -> Argument.flags("O_RDONLY", "O_CLOSEXEC"))
                .getMessage();
        assertEquals("unknown constant O_CLOSEXEC; use Argument.word for a number of your own", message);
    }
}
