package dev.caisson.cgroupv1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.ResourceUsage;
import dev.caisson.cgroupv1.Requests.Limits;
import dev.caisson.launcher.Launcher;
import dev.caisson.launcher.Outcome;
import dev.caisson.launcher.Streams;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The backend's steps on the real kernel, seen from inside and from outside. */
class Cgroupv1IT {

    private static final Feature[] ISOLATED = {Feature.PID_NAMESPACE, Feature.MOUNT_NAMESPACE, Feature.CGROUP_NAMESPACE
    };

    private final Launcher launcher = new Launcher();
    private final Host host = launcher.host();
    private final Cgroupv1 controller = new Cgroupv1();

    @BeforeEach
    void needsRootAndVersion1() {
        assumeTrue(host.privileged(), "needs root");
        assumeTrue(
                host.mounts().stream()
                        .anyMatch(mount ->
                                mount.type().equals("cgroup") && mount.options().contains("memory")),
                "needs the memory controller in cgroup version 1");
    }

    @AfterEach
    void leavesNothing() throws IOException {
        assertEquals(List.of(), groups());
    }

    @Test
    void offersEverythingHereAndLeavesNothing() throws IOException {
        ProbeReport report = controller.probe(host, Requests.settings(null));

        assertTrue(report.supported(), report::toString);
        assertTrue(report.offers().contains(Feature.MEMORY), report::toString);
        assertEquals(List.of(), groups());
    }

    @Test
    void killsAProgramThatTakesMoreMemoryThanItMay() {
        Box.Result result = run(Limits.NONE.memory(16 << 20), ISOLATED, "tail", "/dev/zero");
        ResourceUsage usage = controller.usage(result.outcome().collected());

        assertEquals(9, result.outcome().status());
        assertEquals(1, usage.oomKills());
        assertTrue(usage.peakMemory().orElseThrow() <= 16 << 20, usage::toString);
        assertTrue(usage.peakMemory().orElseThrow() > 12 << 20, usage::toString);
    }

    @Test
    void keepsAForkBombWithinItsLimit() {
        Box.Result result = run(
                Limits.NONE.pids(12),
                ISOLATED,
                "sh",
                "-c",
                "for i in $(seq 30); do (sleep 30 & echo started) 2>/dev/null || true; done");

        assertTrue(result.output().lines().count() < 12, result::toString);
        assertTrue(controller.usage(result.outcome().collected()).pidsRefused() > 0);
    }

    @Test
    void throttlesABusyLoop() {
        Box.Result result = run(
                Limits.NONE.cpus(0.1).weight(200),
                ISOLATED,
                "sh",
                "-c",
                "until grep -q 'nr_throttled [1-9]' /sys/fs/cgroup/cpu/cpu.stat; do :; done;"
                        + " cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.shares");

        assertEquals("10000\n2048", result.output());
    }

    @Test
    void choosesProcessors() {
        assertEquals("1", run(Limits.NONE.cpuset("0"), ISOLATED, "nproc").output());
    }

    @Test
    void refusesProcessorsThatTheHostHasNot() {
        Outcome outcome = run(Limits.NONE.cpuset("0,4000"), ISOLATED, "nproc").outcome();

        assertTrue(outcome.failure().isPresent());
    }

    @Test
    void theClockOfProcessorTimeEndsABusyLoop() {
        LaunchRequest request =
                Requests.request(host, ResourceLimits.NONE, Duration.ofMillis(50), new Options(null, null), ISOLATED);
        Outcome outcome = Box.run(launcher, new Box(controller, request, "sh", "-c", "while :; do :; done").program())
                .outcome();

        assertEquals(Outcome.Cause.CPU, outcome.cause());
        assertTrue(controller.usage(outcome.collected()).cpu().orElseThrow().toMillis() >= 50);
    }

    @Test
    void showsTheContainerItsOwnGroupAndNothingElse() {
        Box.Result result = run(
                Limits.NONE.memory(64 << 20).pids(20),
                ISOLATED,
                "sh",
                "-c",
                "cat /sys/fs/cgroup/memory/memory.limit_in_bytes; ls /sys/fs/cgroup; grep memory: /proc/self/cgroup;"
                        + " mkdir /sys/fs/cgroup/memory/mine 2>/dev/null || echo no;"
                        + " touch /sys/fs/cgroup/mine 2>/dev/null || echo no;"
                        + " echo 100 2>/dev/null >/sys/fs/cgroup/pids/pids.max || echo no");

        assertEquals(
                List.of("67108864", "cpu", "cpuacct", "cpuset", "memory", "pids", "/", "no", "no", "no"),
                result.output()
                        .lines()
                        .map(line -> line.replaceAll("^\\d+:memory:", ""))
                        .toList());
    }

    @Test
    void aJvmInsideFindsItsLimits() {
        Box.Result result = run(
                Limits.NONE.memory(512 << 20).cpus(1),
                ISOLATED,
                "sh",
                "-c",
                Path.of(System.getProperty("java.home"), "bin", "java")
                        + " -XX:+PrintFlagsFinal -version | grep -w MaxHeapSize");

        assertTrue(result.output().contains(" " + (128 << 20) + " "), result::output);
    }

    @Test
    void showsItInAUserNamespaceToo() {
        Box.Result result = run(
                Limits.NONE.memory(64 << 20),
                new Feature[] {
                    Feature.PID_NAMESPACE, Feature.MOUNT_NAMESPACE, Feature.CGROUP_NAMESPACE, Feature.USER_NAMESPACE
                },
                "cat",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes");

        assertEquals("67108864", result.output(), () -> result.outcome().toString());
    }

    @Test
    void showsItWithoutACgroupNamespaceToo() {
        Box.Result result = run(
                Limits.NONE.pids(20),
                new Feature[] {Feature.PID_NAMESPACE, Feature.MOUNT_NAMESPACE},
                "sh",
                "-c",
                "cat /sys/fs/cgroup/pids/pids.max; echo 100 2>/dev/null >/sys/fs/cgroup/pids/pids.max || echo no");

        assertEquals("20\nno", result.output(), () -> result.outcome().toString());
    }

    @Test
    void endsWhatAContainerWithoutAPidNamespaceLeaves() {
        Box.Result result = run(
                Limits.NONE.pids(50),
                new Feature[0],
                "sh",
                "-c",
                "setsid sh -c 'while :; do sleep 0.01 & done' >/dev/null & echo $!; exec sleep 0.2");

        assertEquals(Optional.empty(), result.outcome().teardownFailure());
        // A zombie for as long as the host's pid 1 has not looked at it.
        String state = host.read("/proc/" + result.output() + "/stat").orElse("gone) Z");
        assertTrue(state.contains(") Z") || state.contains(") X"), state);
    }

    @Test
    void unmakesEverythingWhicheverStepFails() throws IOException {
        LaunchRequest request = Requests.request(
                host, Limits.NONE.memory(64 << 20).pids(20).cpus(1).cpuset("0").build(), ISOLATED);
        LaunchProgram program = new Box(controller, request, "true").program();
        for (int number = 1; number <= program.size(); number++) {
            if (program.line(number).section() != Section.TEARDOWN) {
                Outcome outcome = Box.run(launcher, program.withFault(number, Errno.EPERM))
                        .outcome();
                assertEquals(number, outcome.failure().orElseThrow().step());
                assertEquals(Optional.empty(), outcome.teardownFailure());
                assertEquals(List.of(), groups());
            }
        }
        assertEquals(
                Optional.empty(),
                launcher.start(program.teardownOnly(), Streams.DISCARD)
                        .onExit()
                        .join()
                        .teardownFailure());
    }

    private Box.Result run(Limits limits, Feature[] features, String... command) {
        LaunchRequest request = Requests.request(host, limits.build(), features);
        return Box.run(launcher, new Box(controller, request, command).program());
    }

    /** Every group of ours, in any hierarchy. */
    private List<Path> groups() throws IOException {
        List<Path> groups = new ArrayList<>();
        for (Hierarchy hierarchy : Hierarchy.of(host)) {
            try (Stream<Path> children = Files.list(Path.of(hierarchy.mount()))) {
                children.filter(child -> child.endsWith("caisson-" + Requests.id(host))
                                || child.endsWith("caisson-probe."
                                        + ProcessHandle.current().pid()))
                        .forEach(groups::add);
            }
        }
        return groups;
    }
}
