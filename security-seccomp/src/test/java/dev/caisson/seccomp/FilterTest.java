package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class FilterTest {

    @Test
    void theBytesAreThoseOfStructSockFilter() {
        Filter filter = new Filter(List.of(
                new Instruction(Instruction.IF_EQUAL, 255, 1, 0xc000003e),
                new Instruction(Instruction.RETURN, 0, 0, 0x7fff0000)));

        assertArrayEquals(
                new byte[] {0x15, 0, -1, 1, 0x3e, 0, 0, -0x40, 0x06, 0, 0, 0, 0, 0, -1, 0x7f}, filter.bytes());
    }

    @Test
    void aFilterOfNothingIsNone() {
        assertThrows(IllegalArgumentException.class, () -> new Filter(List.of()));
    }

    @Test
    void aComparisonSkipsNoMoreThanAByteCanSay() {
        assertThrows(IllegalArgumentException.class, () -> new Instruction(Instruction.IF_EQUAL, 256, 0, 0));
    }
}
