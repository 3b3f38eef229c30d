package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.api.Capability;
import dev.caisson.program.Errno;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetFileTest {

    private static final Rule READ = new Rule(new CallPattern("read", List.of()), Action.ALLOW);
    private static final Rule REBOOT = new Rule(new CallPattern("reboot", List.of()), Action.LOG);
    private static final Rule CLONE3 = new Rule(new CallPattern("clone3", List.of()), Action.errno(Errno.ENOSYS));

    @Test
    void groupsHaveAnActionAndMayDependOnACapability() {
        PresetFile file = PresetFile.parse(List.of(
                "# a comment",
                "otherwise kill  # another",
                "allow:",
                "    read",
                "log with CAP_SYS_BOOT:",
                "    reboot",
                "errno ENOSYS without CAP_SYS_BOOT:",
                "    clone3"));

        assertEquals(Action.KILL_PROCESS, file.otherwise());
        assertEquals(List.of(READ, REBOOT), file.rules(Set.of(Capability.SYS_BOOT)));
        assertEquals(List.of(READ, CLONE3), file.rules(Set.of(Capability.SYS_ADMIN)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow: | read | a line such as \"otherwise errno EPERM\" is missing",
                "otherwise allow | read | line 2: a heading such as \"allow:\" is missing",
                "allow: | read raed | line 2: \"read raed\", column 6: there is no system call raed; did you mean read?",
                "permit: | read | line 1: there is no action \"permit\"; use allow, log, errno with a name of errno(3), trap,"
                        + " kill thread or kill",
            })
    void mistakesAreNamedWithTheirLine(String first, String second, String complaint) {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> PresetFile.parse(List.of(first, second)));
        assertEquals(complaint, error.getMessage());
    }
}
