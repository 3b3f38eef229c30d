package dev.caisson.cgroupv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.ProbeReport;
import dev.caisson.program.Errno;
import dev.caisson.program.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeTest {

    @TempDir
    Path root;

    @Test
    void offersWhatTheControllersOfTheHostCanDo() {
        ProbeReport report = probe(FixtureHost.unified(root), null);

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
    }

    @Test
    void saysThatAControllerWillBeEnabledForGood() {
        Finding finding = probe(FixtureHost.unified(root), null).findings().get(0);

        assertEquals(Finding.Severity.NOTE, finding.severity());
        assertTrue(finding.problem().contains("cpuset"), finding::toString);
        assertFalse(finding.problem().contains("memory"), finding::toString);
    }

    @Test
    void triesToStartAProcessInAGroupAndCleansUp() {
        FixtureHost host = FixtureHost.unified(root);
        probe(host, null);

        assertEquals(3, host.attempts.get(0).section(Section.SETUP).size());
        assertEquals(1, host.attempts.get(0).section(Section.TEARDOWN).size());
    }

    @Test
    void saysWhyAGroupCannotBeMadeAndWhatHelps() {
        ProbeReport report = probe(FixtureHost.unified(root).failing(Errno.EROFS), null);

        assertFalse(report.supported());
        assertTrue(report.findings().get(0).remedy().contains("--privileged"), report::toString);
    }

    @Test
    void onAHybridHostItOffersOnlyWhatNeedsNoController() {
        ProbeReport report = probe(FixtureHost.hybrid(root), null);

        assertEquals(Set.of(Feature.CPU_CLOCK, Feature.KILL_ALL), report.offers());
        assertTrue(report.findings().get(0).remedy().contains("cgroupv1"), report::toString);
    }

    @Test
    void sendsALegacyHostToVersion1() {
        ProbeReport report = probe(FixtureHost.legacy(root), null);

        assertFalse(report.supported());
        assertTrue(report.findings().get(0).remedy().contains("cgroupv1"), report::toString);
    }

    @Test
    void refusesAParentWithProcessesOfItsOwn() {
        ProbeReport report = probe(FixtureHost.container(root), null);

        Finding finding = report.findings().get(0);
        assertEquals(Finding.Severity.BLOCKER, finding.severity());
        assertTrue(finding.remedy().contains("`parent`"), finding::toString);
        assertFalse(report.offers().contains(Feature.MEMORY));
    }

    @Test
    void looksAtTheParentThatTheProfileNames() {
        FixtureHost host = FixtureHost.container(root)
                .group("/sys/fs/cgroup/machines", "cpu memory", "memory")
                .with("/sys/fs/cgroup/machines/cgroup.type", "domain\n")
                .with("/sys/fs/cgroup/machines/cgroup.procs", "");
        ProbeReport report = probe(host, "/machines");

        assertTrue(report.supported());
        assertTrue(report.offers().containsAll(Set.of(Feature.MEMORY, Feature.CPU)), report::toString);
        assertFalse(report.offers().contains(Feature.PIDS));
        assertEquals(
                List.of(Finding.Severity.WARNING, Finding.Severity.NOTE),
                report.findings().stream().map(Finding::severity).toList());
        assertFalse(probe(host, "/nowhere").supported());
    }

    private static ProbeReport probe(Host host, @Nullable String parent) {
        return new Cgroupv2().probe(host, Requests.settings(parent));
    }
}
