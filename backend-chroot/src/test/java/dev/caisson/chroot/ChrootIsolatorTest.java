package dev.caisson.chroot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.Isolator;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ProfileException;
import dev.caisson.api.Settings;
import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.ProgramText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChrootIsolatorTest {

    @Test
    void isFoundByItsName() {
        assertTrue(ServiceLoader.load(Isolator.class).stream()
                .anyMatch(provider -> provider.get().name().equals("chroot")));
    }

    @Test
    void changesTheRootAndGoesThere() {
        assertEquals(List.of("chroot(\".\")", "chdir(\"/\")"), calls(Phase.PIVOT));
    }

    @Test
    void makesDevicesWithoutTrustingWhatTheImageHasInTheirPlace() {
        List<String> calls = calls(Phase.MOUNTS);

        assertEquals(
                List.of(
                        "mkdirat(AT_FDCWD, \"dev\", 0755)  # or EEXIST",
                        "{dev directory} = openat(AT_FDCWD, \"dev\", O_PATH|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC)",
                        "unlinkat({dev directory}, \"null\", 0)  # or ENOENT",
                        "mknodat({dev directory}, \"null\", S_IFCHR|0666, makedev(1, 3))"),
                calls.subList(0, 4));
        assertEquals(
                6, calls.stream().filter(call -> call.startsWith("mknodat")).count());
    }

    @Test
    void needsAPlainDirectoryAndAWayToEndEverything() {
        ProbeReport report = new ChrootIsolator().probe(new FakeHost(true, null), Settings.none());

        assertEquals(Set.of(Feature.ROOT_SWITCH), report.offers());
        assertEquals(Set.of(Feature.ROOT_DIRECTORY, Feature.KILL_ALL), report.needs());
        assertTrue(report.supported());
    }

    @Test
    void saysWhatItDoesNotProtectAgainst() {
        List<Finding> warnings = new ChrootIsolator()
                .probe(new FakeHost(true, null), Settings.none()).findings().stream()
                        .filter(finding -> finding.severity() == Finding.Severity.WARNING)
                        .toList();

        assertTrue(warnings.get(0).problem().contains("second chroot(2)"));
        assertTrue(warnings.get(1).problem().contains("shares processes, network, IPC and host name"));
    }

    @Test
    void isRefusedWithoutRootAndWhereChrootIsForbidden() {
        assertFalse(new ChrootIsolator()
                .probe(new FakeHost(false, null), Settings.none())
                .supported());

        ProbeReport forbidden = new ChrootIsolator().probe(new FakeHost(true, Errno.EPERM), Settings.none());
        assertEquals(
                "make / the root: EPERM (Operation not permitted)",
                forbidden.findings().get(0).problem());
        assertFalse(forbidden.supported());
    }

    @Test
    void takesNoSettings() {
        record Other(String key) {}
        assertThrows(
                ProfileException.class,
                () -> new ChrootIsolator().probe(new FakeHost(true, null), Settings.of(new Other("x"))));
    }

    private static List<String> calls(Phase phase) {
        // Of a request it reads nothing but the settings.
        LaunchRequest request = Requests.any(new FakeHost(true, null));
        Contribution contribution = new ChrootIsolator().contribute(request);
        return contribution.child().getOrDefault(phase, List.of()).stream()
                .map(ProgramText::of)
                .toList();
    }

    /** A host on which every attempt fails with an error, or works. */
    private record FakeHost(boolean privileged, @Nullable Errno errno) implements Host {

        @Override
        public Path root() {
            return Path.of("/nowhere");
        }

        @Override
        public Architecture architecture() {
            return Architecture.X86_64;
        }

        @Override
        public Optional<Failure> attempt(LaunchProgram program) {
            return Optional.ofNullable(errno).map(error -> new Failure(program.line(1), error.number()));
        }

        @Override
        public long call(Op.SystemCall call) {
            throw new UnsupportedOperationException("the backend changes nothing");
        }
    }
}
