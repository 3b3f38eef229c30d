package dev.caisson.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static final List<String> CLOSE = List.of("close_range(5, ~0, 0)", "close(3)");

    @Test
    void whatIsNotAskedForStaysAsItIs() {
        assertEquals(CLOSE, Steps.of(contribute(profile())));
    }

    @Test
    void limitsAreSetBeforeCredentialsAreGivenUp() {
        assertEquals(
                List.of(
                        "prlimit64(0, RLIMIT_CORE, {0, unlimited}, NULL)",
                        "prlimit64(0, RLIMIT_NOFILE, {64, 1024}, NULL)",
                        CLOSE.get(0),
                        CLOSE.get(1)),
                Steps.of(contribute(profile().rlimit("nofile", 64, 1024).rlimit("core", 0, -1)), Phase.LIMITS));
    }

    @Test
    void howTheKernelRatesItIsWrittenWhileTheHostsProcIsThere() {
        assertEquals(
                List.of("write-file(\"/proc/self/oom_score_adj\", \"500\")"),
                Steps.of(contribute(profile().oomScoreAdj(500)), Phase.JOIN));
    }

    private static Contribution contribute(ProfileBuilder profile) {
        return Limits.contribute(profile.build().spec().process());
    }

    private static ProfileBuilder profile() {
        return Profile.builder().hostPrograms("sh").command("sh");
    }
}
