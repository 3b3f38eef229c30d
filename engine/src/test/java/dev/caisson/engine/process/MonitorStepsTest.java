package dev.caisson.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.api.Site;
import dev.caisson.api.Stdio;
import dev.caisson.engine.profile.Profile;
import dev.caisson.launcher.Streams;
import dev.caisson.program.ProgramText;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the monitor does to itself, to the record of the run, and to the pipes that it was given. */
class MonitorStepsTest {

    private static final Site SITE = new Site("web-1", Path.of("/run/caisson"), Path.of("/var/lib/caisson"));

    @Test
    void theRecordIsLockedAndCompleteBeforeItHasAName() {
        assertEquals(
                List.of(
                        "{record} = openat(AT_FDCWD, \"/run/caisson/run\", O_TMPFILE|O_WRONLY|O_CLOEXEC, 0600)",
                        "flock({record}, LOCK_EX|LOCK_NB)",
                        "write({record}, <3 bytes>, 3)",
                        "linkat(AT_FDCWD, \"/proc/self/fd/{record}\", AT_FDCWD, \"/run/caisson/run/web-1.json\","
                                + " AT_SYMLINK_FOLLOW)"),
                Steps.of(RunRecord.write(SITE, "{ü")));
        assertEquals("drop-record(\"/run/caisson/run/web-1.json\")  # or ENOENT", ProgramText.of(RunRecord.drop(SITE)));
    }

    @Test
    void whatCameThroughTheJvmIsDropped() {
        assertEquals(
                List.of(
                        "close_range(5, ~0, 0)",
                        "prctl(PR_SET_NAME, \"caisson\")",
                        "chdir(\"/\")",
                        "umask(0)",
                        "prctl(PR_SET_CHILD_SUBREAPER, 1)"),
                Steps.of(MonitorProcess.begin(true)));
        assertEquals(4, MonitorProcess.begin(false).size());
    }

    @Test
    void theContainersStreamsAreLeftToIt() {
        assertEquals(List.of("close_range(0, 2, 0)", "close(4)"), Steps.of(MonitorProcess.letGo()));
    }

    @Test
    void pipesBelongToTheUserWhoWillOpenThem() {
        assertEquals(
                List.of("fchown(0, 1000, 100)  # or EPERM", "fchown(2, 1000, 100)  # or EPERM"),
                Steps.of(StandardStreams.contribute(
                        Profile.builder()
                                .hostPrograms("sh")
                                .command("sh")
                                .user(1000, 100)
                                .build()
                                .spec()
                                .process(),
                        new Streams(new Stdio.Pipe(), new Stdio.Inherit(), new Stdio.Pipe()))));
        assertEquals(
                List.of(),
                Steps.of(StandardStreams.contribute(
                        Profile.builder()
                                .hostPrograms("sh")
                                .command("sh")
                                .build()
                                .spec()
                                .process(),
                        Streams.PIPES)));
    }
}
