package dev.caisson.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileBuilder;
import dev.caisson.program.Op;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTest {

    @Test
    void aNameIsSearchedForInTheContainersPath() {
        assertEquals(
                List.of("/opt/bin/tool", "/bin/tool"),
                exec(profile("tool").env("PATH", "/opt/bin:/bin/")).candidates());
    }

    @Test
    void aRelativeDirectoryInPathIsPassedOver() {
        assertEquals(
                List.of("/bin/tool"),
                exec(profile("tool").env("PATH", ":.:bin:/bin:")).candidates());
        assertEquals(List.of(), exec(profile("tool").env("PATH", "")).candidates());
    }

    @Test
    void aPathIsTakenAsItIs() {
        assertEquals(List.of("/opt/tool"), exec(profile("/opt/tool")).candidates());
        assertEquals(List.of("./tool"), exec(profile("./tool")).candidates());
    }

    @Test
    void nothingOfTheHostsEnvironmentGetsIn() {
        assertEquals(
                Map.of("PATH", "/bin", "HOME", "/", "A", "b=c"),
                exec(profile("sh").env("PATH", "/bin").env("A", "b=c")).environment());
    }

    @Test
    void aReaperIsForkedOffFirst() {
        Contribution with = Command.contribute(profile("sh").build().spec().process(), true);
        assertEquals(List.of("fork-init()"), Steps.of(with, Phase.INIT));
        Contribution without = Command.contribute(profile("sh").build().spec().process(), false);
        assertEquals(List.of(), Steps.of(without, Phase.INIT));
    }

    private static Op.Exec exec(ProfileBuilder profile) {
        Contribution contribution = Command.contribute(profile.build().spec().process(), false);
        return (Op.Exec)
                contribution.child().getOrDefault(Phase.EXEC, List.of()).get(0).op();
    }

    private static ProfileBuilder profile(String command) {
        return Profile.builder().hostPrograms("sh").command(command);
    }
}
