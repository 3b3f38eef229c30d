package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.Isolator;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.NetworkSpec;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ProcessSpec;
import dev.caisson.api.ProfileException;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.RootfsSpec;
import dev.caisson.api.Settings;
import dev.caisson.api.Site;
import dev.caisson.api.Timeouts;
import dev.caisson.program.Architecture;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeccompIsolatorTest {

    private final SeccompIsolator isolator = new SeccompIsolator();

    /** A host on which attempts end as the test says. */
    private static final class FakeHost implements Host {

        private final Architecture architecture;
        private final Optional<Errno> failure;
        private final List<LaunchProgram> attempts = new ArrayList<>();

        FakeHost(Architecture architecture, Optional<Errno> failure) {
            this.architecture = architecture;
            this.failure = failure;
        }

        @Override
        public Path root() {
            return Path.of("/nonexistent");
        }

        @Override
        public Architecture architecture() {
            return architecture;
        }

        @Override
        public boolean privileged() {
            return false;
        }

        @Override
        public Optional<Failure> attempt(LaunchProgram program) {
            attempts.add(program);
            return failure.map(errno -> new Failure(program.line(program.size()), errno.number()));
        }

        @Override
        public long call(Op.SystemCall call) {
            throw new AssertionError("a filter needs no call in the JVM: " + call);
        }
    }

    private static LaunchRequest request(Settings settings, Architecture architecture, CapabilitySets capabilities) {
        ContainerSpec.Selection none = new ContainerSpec.Selection("none", Settings.none(), "test");
        ProcessSpec process = new ProcessSpec(
                List.of("/bin/true"),
                0,
                0,
                List.of(),
                Map.of(),
                "/",
                022,
                true,
                false,
                true,
                capabilities,
                Map.of(),
                null,
                null,
                null,
                null);
        ContainerSpec spec = new ContainerSpec(
                "test",
                "test",
                List.of(),
                new RootfsSpec(none, List.of(), true),
                none,
                ResourceLimits.NONE,
                process,
                new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO),
                new NetworkSpec(Map.of(), List.of()));
        return new LaunchRequest(
                new Site("test", Path.of("/state"), Path.of("/storage")),
                spec,
                settings,
                Set.of(),
                new FakeHost(architecture, Optional.empty()));
    }

    private static Settings preset(Preset preset) {
        return Settings.of(new SeccompSettings(preset, List.of(), List.of(), List.of(), List.of()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Architecture.class,
            names = {"X86_64", "AARCH64"})
    void itContributesOneStepThatInstallsTheFilterOfTheArchitecture(Architecture architecture) {
        Contribution contribution =
                isolator.contribute(request(Settings.none(), architecture, CapabilitySets.DOCKER_DEFAULT));

        Policy policy = Settings.none().as(SeccompSettings.class).policy(Capability.DOCKER_DEFAULT);
        Filter filter = FilterCompiler.compile(policy, architecture);
        assertEquals(Set.of(Phase.FILTER), contribution.child().keySet());
        Step step = onlyStep(contribution);
        assertEquals(
                Op.call(
                        "seccomp",
                        Argument.flags("SECCOMP_SET_MODE_FILTER"),
                        Argument.number(0),
                        Argument.block(Argument.number(filter.size()), new Argument.Bytes(filter.bytes()))),
                step.op());
        assertEquals("filter system calls (preset default, " + filter.size() + " instructions)", step.description());
        assertTrue(step.hints().containsKey(Errno.EACCES));
    }

    @Test
    void itAddsNothingToTheMonitor() {
        Contribution contribution =
                isolator.contribute(request(Settings.none(), Architecture.X86_64, CapabilitySets.DOCKER_DEFAULT));

        assertEquals(List.of(), contribution.setup());
        assertEquals(List.of(), contribution.afterClone());
        assertEquals(List.of(), contribution.teardown());
        assertEquals(Set.of(), contribution.namespaces());
    }

    @Test
    void theCapabilitiesOfTheContainerDecideAboutTheirCalls() {
        CapabilitySets admin = CapabilitySets.of(Set.of(Capability.SYS_ADMIN), Set.of());
        CapabilitySets none = CapabilitySets.of(Set.of(), Set.of());

        Step with = onlyStep(isolator.contribute(request(preset(Preset.DEFAULT), Architecture.X86_64, admin)));
        Step without = onlyStep(isolator.contribute(request(preset(Preset.DEFAULT), Architecture.X86_64, none)));
        assertTrue(!with.op().equals(without.op()));
    }

    @Test
    void presetNoneContributesNothing() {
        Contribution contribution =
                isolator.contribute(request(preset(Preset.NONE), Architecture.X86_64, CapabilitySets.DOCKER_DEFAULT));

        assertEquals(Contribution.builder().build(), contribution);
    }

    @Test
    void aFilterThatIsTooLongIsTheProfilesFault() {
        List<CallPattern> calls = IntStream.range(0, 3000)
                .mapToObj(fd -> CallPattern.parse("lseek(arg1 == " + ((1L << 40) + fd) + ")"))
                .toList();
        Settings settings = Settings.of(new SeccompSettings(Preset.DEFAULT, List.of(), List.of(), calls, List.of()));

        ProfileException error = assertThrows(
                ProfileException.class,
                () -> isolator.contribute(request(settings, Architecture.X86_64, CapabilitySets.DOCKER_DEFAULT)));
        assertTrue(error.toString().contains("use fewer conditions on arguments"), error.toString());
    }

    @Test
    void aProbeInstallsAFilterThatRefusesNothing() {
        FakeHost host = new FakeHost(Architecture.X86_64, Optional.empty());

        ProbeReport report = isolator.probe(host, Settings.none());

        assertTrue(report.supported());
        assertEquals(Set.of(Feature.SYSTEM_CALL_FILTER), report.offers());
        assertEquals(
                List.of("prctl", "seccomp"),
                host.attempts.get(0).lines().stream()
                        .map(line -> ((Op.SystemCall) line.step().op()).name())
                        .toList());
    }

    @Test
    void aKernelWithoutFiltersIsABlockerWithARemedy() {
        FakeHost host = new FakeHost(Architecture.AARCH64, Optional.of(Errno.EINVAL));

        ProbeReport report = isolator.probe(host, Settings.none());

        assertEquals(
                List.of(Finding.blocker(
                        "the kernel takes no system call filter: filter system calls, refusing none: EINVAL (Invalid argument)",
                        "use a kernel with CONFIG_SECCOMP_FILTER, or leave the isolator seccomp out")),
                report.findings());
        assertEquals(Set.of(Feature.SYSTEM_CALL_FILTER), report.offers());
    }

    @Test
    void presetNoneOffersNothingAndSaysSo() {
        FakeHost host = new FakeHost(Architecture.X86_64, Optional.empty());

        ProbeReport report = isolator.probe(host, preset(Preset.NONE));

        assertEquals(Set.of(), report.offers());
        assertEquals(Finding.Severity.NOTE, report.findings().get(0).severity());
        assertEquals(List.of(), host.attempts);
    }

    @Test
    void itIsFoundByItsName() {
        assertTrue(ServiceLoader.load(Isolator.class).stream()
                .anyMatch(provider -> provider.get().name().equals("seccomp")));
    }

    private static Step onlyStep(Contribution contribution) {
        List<Step> steps =
                contribution.child().values().stream().flatMap(List::stream).toList();
        assertEquals(1, steps.size());
        return steps.get(0);
    }
}
