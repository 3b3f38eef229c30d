package dev.caisson.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileBuilder;
import dev.caisson.launcher.WindowSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionTest {

    @Test
    void aSessionOfItsOwnADirectoryAMaskAndNoDescriptors() {
        assertEquals(
                List.of(
                        "setsid()",
                        "chdir(\"/srv\")",
                        "umask(077)",
                        "close_range(3, ~0, CLOSE_RANGE_CLOEXEC)",
                        "rt_sigprocmask(SIG_SETMASK, {0}, NULL, 8)"),
                steps(profile().workingDirectory("/srv").umask(077)));
    }

    @Test
    void aTerminalIsOfTheContainersOwnDevptsAndItsMasterGoesOut() {
        List<String> steps = steps(profile().tty(true));
        assertEquals(
                List.of(
                        "setsid()",
                        "{terminal} = openat(AT_FDCWD, \"/dev/pts/ptmx\", O_RDWR|O_NOCTTY|O_CLOEXEC, 0)",
                        "ioctl({terminal}, TIOCSPTLCK, {0})",
                        "{terminal side} = ioctl({terminal}, TIOCGPTPEER, O_RDWR|O_NOCTTY|O_CLOEXEC)"),
                steps.subList(0, 4));
        assertTrue(steps.get(4).startsWith("sendmsg(4, "), steps::toString);
        assertEquals(
                List.of(
                        "ioctl({terminal side}, TIOCSCTTY, 0)",
                        "dup3({terminal side}, 0, 0)",
                        "dup3({terminal side}, 1, 0)",
                        "dup3({terminal side}, 2, 0)"),
                steps.subList(5, 9));
    }

    @Test
    void theTerminalHasItsSizeFromTheBeginning() {
        Contribution session =
                Session.contribute(profile().tty(true).build().spec().process(), Optional.of(new WindowSize(24, 80)));

        assertTrue(Steps.of(session, Phase.SESSION).contains("ioctl({terminal}, TIOCSWINSZ, {{24, 80}})"));
    }

    private static List<String> steps(ProfileBuilder profile) {
        return Steps.of(Session.contribute(profile.build().spec().process(), Optional.empty()), Phase.SESSION);
    }

    private static ProfileBuilder profile() {
        return Profile.builder().hostPrograms("sh").command("sh");
    }
}
