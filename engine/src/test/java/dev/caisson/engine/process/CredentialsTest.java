package dev.caisson.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.engine.FakeHost;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {

    @TempDir
    private Path root;

    @Test
    void privilegesAreGivenUpInTheOneOrderThatWorks() throws IOException {
        List<String> steps = Steps.of(contribute(profile().user(1000, 100).group(44)), Phase.CREDENTIALS);
        List<String> last = steps.subList(steps.size() - 8, steps.size());
        assertEquals(
                List.of(
                        "setgroups(1, <4 bytes>)",
                        "setresgid(100, 100, 100)",
                        "setresuid(1000, 1000, 1000)",
                        "capset({{537396514, 0}}, {effective 0x0, permitted 0x0, inheritable 0x0, ...})",
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)",
                        "prctl(PR_SET_PDEATHSIG, SIGKILL)",
                        "await-gate()",
                        "prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)"),
                last);
        assertTrue(
                steps.subList(0, steps.size() - 8).stream().allMatch(step -> step.startsWith("prctl(PR_CAPBSET_DROP")));
    }

    @Test
    void everythingButTheBoundingSetIsDropped() throws IOException {
        Set<Capability> dropped = EnumSet.complementOf(EnumSet.copyOf(Capability.DOCKER_DEFAULT));
        assertEquals(
                dropped.stream()
                        .map(capability -> "prctl(PR_CAPBSET_DROP, CAP_" + capability + ")")
                        .toList(),
                drops(contribute(profile())));
    }

    @Test
    void soAreTheCapabilitiesOfANewerKernelThatHaveNoNameHere() throws IOException {
        lastCapability("42");
        List<String> drops = drops(contribute(profile()));
        assertEquals(
                List.of("prctl(PR_CAPBSET_DROP, capability_41)", "prctl(PR_CAPBSET_DROP, capability_42)"),
                drops.subList(drops.size() - 2, drops.size()));
    }

    @Test
    void thoseThatAnOlderKernelLacksAreNotAskedFor() throws IOException {
        lastCapability("37");
        List<String> drops = drops(contribute(profile()));
        assertEquals("prctl(PR_CAPBSET_DROP, CAP_AUDIT_READ)", drops.get(drops.size() - 1));
    }

    @Test
    void rootHasTheSetsThatWereAskedFor() throws IOException {
        CapabilitySets sets = new CapabilitySets(
                Set.of(Capability.CHOWN, Capability.KILL, Capability.BPF),
                Set.of(Capability.CHOWN),
                Set.of(Capability.CHOWN, Capability.BPF),
                Set.of());
        List<String> steps = Steps.of(contribute(profile().capabilities(sets)), Phase.CREDENTIALS);
        assertTrue(
                steps.contains(
                        "capset({{537396514, 0}}, {effective 0x1, permitted 0x8000000001, inheritable 0x0, ...})"),
                steps::toString);
    }

    @Test
    void anotherUserHasWhatIsAmbientAndKeepsItAcrossTheChange() throws IOException {
        Set<Capability> raw = Set.of(Capability.NET_RAW);
        List<String> steps = Steps.of(
                contribute(profile().user(7, 7).capabilities(new CapabilitySets(raw, raw, raw, raw))),
                Phase.CREDENTIALS);
        int keep = steps.indexOf("prctl(PR_SET_KEEPCAPS, 1)");
        int change = steps.indexOf("setresuid(7, 7, 7)");
        int set = steps.indexOf(
                "capset({{537396514, 0}}, {effective 0x2000, permitted 0x2000, inheritable 0x2000, ...})");
        int ambient = steps.indexOf("prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0)");
        assertTrue(0 < keep && keep < change && change < set && set < ambient, steps::toString);
    }

    @Test
    void withoutNoNewPrivilegesTheFilterComesFirstAsItNeedsACapability() throws IOException {
        Contribution contribution = contribute(profile().user(7, 7).noNewPrivileges(false));
        List<String> before = Steps.of(contribution, Phase.CREDENTIALS);
        List<String> after = Steps.of(contribution, Phase.EXEC);
        assertTrue(before.stream().anyMatch(step -> step.startsWith("capset(") && step.contains("effective 0x200000")));
        assertFalse(before.stream().anyMatch(step -> step.contains("NO_NEW_PRIVS")), before::toString);
        assertTrue(after.get(0).startsWith("capset({{537396514, 0}}, {effective 0x0, permitted 0x0"), after::toString);
    }

    private Contribution contribute(ProfileBuilder profile) throws IOException {
        if (!Files.exists(root.resolve("proc"))) {
            lastCapability("40");
        }
        return Credentials.contribute(profile.build().spec().process(), new FakeHost(root));
    }

    private void lastCapability(String number) throws IOException {
        Path file = root.resolve("proc/sys/kernel/cap_last_cap");
        Files.createDirectories(file.getParent());
        Files.writeString(file, number + "\n");
    }

    private static List<String> drops(Contribution contribution) {
        return Steps.of(contribution, Phase.CREDENTIALS).stream()
                .filter(step -> step.startsWith("prctl(PR_CAPBSET_DROP"))
                .toList();
    }

    private static ProfileBuilder profile() {
        return Profile.builder().hostPrograms("sh").command("sh");
    }
}
