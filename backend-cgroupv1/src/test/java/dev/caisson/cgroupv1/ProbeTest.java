package dev.caisson.cgroupv1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.ProbeReport;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeTest {

    private final Cgroupv1 controller = new Cgroupv1();

    @TempDir
    Path root;

    @Test
    void offersWhatTheHierarchiesOfTheHostCanDo() {
        ProbeReport report = controller.probe(FixtureHost.hybrid(root), Requests.settings(null));

        assertTrue(report.supported());
        assertEquals(
                Set.of(
                        Feature.MEMORY,
                        Feature.SWAP,
                        Feature.CPU,
                        Feature.CPU_CLOCK,
                        Feature.CPUSET,
                        Feature.PIDS,
                        Feature.KILL_ALL),
                report.offers());
        assertEquals(List.of(), report.findings());
    }

    @Test
    void offersLessWhereControllersAreMissing() {
        ProbeReport report = controller.probe(FixtureHost.legacy(root), Requests.settings(null));

        assertFalse(report.offers().contains(Feature.CPUSET));
        assertTrue(report.supported());
    }

    @Test
    void triesEveryHierarchyAndCleansUp() {
        FixtureHost host = FixtureHost.hybrid(root);
        controller.probe(host, Requests.settings(null));

        LaunchProgram attempt = host.attempts.get(0);
        assertEquals(5, attempt.section(Section.SETUP).size());
        assertEquals(5, attempt.section(Section.TEARDOWN).size());
    }

    @Test
    void saysWhyAGroupCannotBeMadeAndWhatHelps() {
        ProbeReport report = controller.probe(FixtureHost.hybrid(root).failing(Errno.EACCES), Requests.settings(null));

        Finding finding = report.findings().get(0);
        assertEquals(Finding.Severity.BLOCKER, finding.severity());
        assertTrue(finding.problem().contains("EACCES"), finding::toString);
        assertTrue(finding.remedy().contains("run as root"), finding::toString);
    }

    @Test
    void warnsWhereSwapIsNotAccounted() {
        ProbeReport report = controller.probe(
                FixtureHost.hybrid(root).without("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"),
                Requests.settings(null));

        assertTrue(report.supported());
        assertFalse(report.offers().contains(Feature.SWAP));
        assertTrue(report.findings().get(0).remedy().contains("swapaccount=1"));
    }

    @Test
    void sendsAUnifiedHostToVersion2() {
        ProbeReport report = controller.probe(FixtureHost.unified(root), Requests.settings(null));

        assertFalse(report.supported());
        assertTrue(report.findings().get(0).remedy().contains("cgroupv2"));
        assertEquals(Set.of(), report.offers());
    }

    @Test
    void looksOnlyAtHierarchiesThatHaveTheParent() {
        FixtureHost host = FixtureHost.hybrid(root).with("/sys/fs/cgroup/pids/machines/tasks", "");

        assertEquals(
                Set.of(Feature.PIDS, Feature.KILL_ALL),
                controller.probe(host, Requests.settings("/machines")).offers());
        assertFalse(controller.probe(host, Requests.settings("/nowhere")).supported());
    }
}
