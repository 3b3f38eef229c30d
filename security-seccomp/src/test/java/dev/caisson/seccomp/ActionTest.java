package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.program.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionTest {

    @ParameterizedTest
    @CsvSource({
        "allow, 0x7fff0000",
        "log, 0x7ffc0000",
        "errno EPERM, 0x00050001",
        "errno ENOSYS, 0x00050026",
        "trap, 0x00030000",
        "kill thread, 0x00000000",
        "kill, 0x80000000"
    })
    void anActionHasATextAndTheKernelsValue(String text, String value) {
        Action action = Action.parse(text);

        assertEquals(Integer.parseUnsignedInt(value.substring(2), 16), action.value());
        assertEquals(action, Action.of(action.value()));
        assertEquals(text, action.toString());
    }

    @Test
    void onlyAnErrorCarriesANumber() {
        assertEquals(Errno.EACCES.number(), Action.errno(Errno.EACCES).data());
        assertThrows(IllegalArgumentException.class, () -> new Action(Action.Kind.KILL_PROCESS, 1));
        assertThrows(IllegalArgumentException.class, () -> new Action(Action.Kind.ERRNO, 4096));
    }
}
