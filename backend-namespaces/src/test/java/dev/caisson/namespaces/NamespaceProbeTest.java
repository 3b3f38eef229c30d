package dev.caisson.namespaces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Finding;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.ProgramText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamespaceProbeTest {

    @Test
    void findsNothingWrongWhereEverythingWorks() {
        assertEquals(List.of(), NamespaceProbe.findings(FakeHost.willing(), Requests.defaults()));
    }

    @Test
    void triesAMountAndAChangeOfUserAndLeavesNoMountBehind() {
        FakeHost host = FakeHost.willing();

        NamespaceProbe.findings(host, Requests.with(Map.of(Namespace.USER, true, Namespace.TIME, true)));

        assertEquals(1, host.attempts.size());
        String text = ProgramText.of(host.attempts.get(0));
        for (String call : List.of("unshare(CLONE_NEWTIME)", "setresuid(", "fsmount({proc file", "fsmount({dev file")) {
            assertTrue(text.contains(call), () -> call + " in " + text);
        }
        assertTrue(!text.contains("move_mount") && !text.contains("mkdirat"), text);
    }

    @Test
    void saysThatItNeedsRootWithoutTrying() {
        FakeHost host = FakeHost.unprivileged();

        List<Finding> findings = NamespaceProbe.findings(host, Requests.with(Map.of(Namespace.USER, true)));

        assertEquals(List.of(), host.attempts);
        assertEquals(Finding.Severity.BLOCKER, findings.get(0).severity());
        assertEquals("start it as root", findings.get(0).remedy());
    }

    @Test
    void namesTheNamespaceThatCannotBeMade() {
        FakeHost host = FakeHost.refusing(Errno.ENOSPC, NamespaceProbeTest::clonesNetwork);

        assertEquals(
                List.of("a network namespace cannot be made: ENOSPC (No space left on device); raise the sysctl"
                        + " user.max_net_namespaces"),
                texts(NamespaceProbe.findings(host, Requests.defaults())));
    }

    @Test
    void givesTheHintOfAStepInTheChildThatFails() {
        FakeHost host =
                FakeHost.refusing(Errno.EPERM, line -> line.step().description().equals("become user 0 inside"));

        List<Finding> findings = NamespaceProbe.findings(host, Requests.with(Map.of(Namespace.USER, true)));

        assertEquals(
                "become user 0 inside: EPERM (Operation not permitted)",
                findings.get(0).problem());
        assertTrue(findings.get(0).remedy().contains("apparmor_restrict_unprivileged_userns"));
    }

    @Test
    void warnsOfTheHostsProcessesInProc() {
        List<Finding> findings =
                NamespaceProbe.findings(FakeHost.willing(), Requests.with(Map.of(Namespace.PID, false)));

        assertEquals(
                List.of(
                        "without a pid namespace the container sees every process of the host in /proc; leave out pid: false"),
                texts(findings));
    }

    @Test
    void programsOfProbesAreValid() {
        FakeHost host = FakeHost.refusing(Errno.EINVAL, line -> line.step().op() instanceof Op.Clone);

        NamespaceProbe.findings(host, Requests.defaults());

        assertEquals(6, host.attempts.size()); // all together, then each of the five
        assertEquals(
                host.attempts.get(0), new LaunchProgram(host.attempts.get(0).lines()));
    }

    private static boolean clonesNetwork(Line line) {
        return line.step().op() instanceof Op.Clone clone && clone.namespaces().contains(Namespace.NETWORK);
    }

    private static List<String> texts(List<Finding> findings) {
        return findings.stream().map(Finding::toString).toList();
    }
}
