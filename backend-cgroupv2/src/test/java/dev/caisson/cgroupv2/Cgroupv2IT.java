package dev.caisson.cgroupv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.ResourceUsage;
import dev.caisson.api.Settings;
import dev.caisson.cgroupv2.Requests.Limits;
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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The backend's steps on the real kernel, seen from inside and from outside. */
@Tag("cgroup2")
class Cgroupv2IT {

    private static final Feature[] ISOLATED = {Feature.PID_NAMESPACE, Feature.MOUNT_NAMESPACE, Feature.CGROUP_NAMESPACE
    };

    private final Launcher launcher = new Launcher();
    private final Host host = launcher.host();
    private final Cgroupv2 controller = new Cgroupv2();

    @BeforeEach
    void needsRootAndVersion2() {
        assumeTrue(host.privileged(), "needs root");
        assumeTrue(Hierarchy.mount(host).isPresent(), "needs cgroup version 2; bin/vm-test has it");
    }

    /** Here version 2 may have no controllers, as version 1 has them; what needs none is tried all the same. */
    private void needsControllers(Limits limits) {
        assumeTrue(
                controller
                        .probe(host, Settings.none())
                        .offers()
                        .containsAll(limits.build().needs()),
                () -> "needs the controllers of cgroup version 2; bin/vm-test has them");
    }

    @AfterEach
    void leavesNothing() throws IOException {
        assertEquals(List.of(), groups());
    }

    @Test
    void offersEverythingHereAndLeavesNothing() throws IOException {
        needsControllers(Limits.NONE.memory(1 << 20));
        ProbeReport report = controller.probe(host, Settings.none());

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
                "until grep -q 'nr_throttled [1-9]' /sys/fs/cgroup/cpu.stat; do :; done;"
                        + " cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu.weight");

        assertEquals("10000 100000\n200", result.output());
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
        LaunchRequest request = Requests.request(host, ResourceLimits.NONE, Duration.ofMillis(50), null, ISOLATED);
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
                "cat /sys/fs/cgroup/memory.max; cat /proc/self/cgroup;"
                        + " mkdir /sys/fs/cgroup/mine 2>/dev/null || echo no;"
                        + " echo 100 2>/dev/null >/sys/fs/cgroup/pids.max || echo no");

        assertEquals("67108864\n0::/\nno\nno", result.output());
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
                "/sys/fs/cgroup/memory.max");

        assertEquals("67108864", result.output(), () -> result.outcome().toString());
    }

    @Test
    void showsItWithoutACgroupNamespaceToo() {
        Box.Result result = run(
                Limits.NONE.pids(20),
                new Feature[] {Feature.PID_NAMESPACE, Feature.MOUNT_NAMESPACE},
                "sh",
                "-c",
                "cat /sys/fs/cgroup/pids.max; echo 100 2>/dev/null >/sys/fs/cgroup/pids.max || echo no");

        assertEquals("20\nno", result.output(), () -> result.outcome().toString());
    }

    @Test
    void endsWhatAContainerWithoutAPidNamespaceLeaves() {
        Box.Result result = run(
                Limits.NONE,
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
    void aContainerThatMountsTheHierarchyCanMakeNoGroupThatStays() {
        Box.Result result = run(
                Limits.NONE,
                ISOLATED,
                "sh",
                "-c",
                "mount -t cgroup2 none /mnt && ls -d /mnt/cgroup.procs; mkdir /mnt/mine 2>/dev/null || echo no");

        assertEquals("/mnt/cgroup.procs\nno", result.output());
        assertEquals(Optional.empty(), result.outcome().teardownFailure());
    }

    @Test
    void enablesControllersBelowAParentWithoutProcesses() throws IOException {
        needsControllers(Limits.NONE.pids(20));
        Path parent = parent();
        try {
            LaunchRequest request = Requests.request(
                    host, Limits.NONE.pids(20).build(), Duration.ZERO, "/" + parent.getFileName(), ISOLATED);
            Box.Result result =
                    Box.run(launcher, new Box(controller, request, "cat", "/sys/fs/cgroup/pids.max").program());

            assertEquals("20", result.output());
            assertEquals(
                    "pids",
                    Files.readString(parent.resolve("cgroup.subtree_control")).strip());
        } finally {
            Files.delete(parent);
        }
    }

    @Test
    void refusesAParentWithProcessesOfItsOwn() throws IOException, InterruptedException {
        needsControllers(Limits.NONE.pids(20));
        Path parent = parent();
        Process occupant = new ProcessBuilder("sleep", "100").start();
        try {
            Files.writeString(parent.resolve("cgroup.procs"), Long.toString(occupant.pid()));
            ProbeReport report = controller.probe(host, Requests.settings("/" + parent.getFileName()));
            LaunchRequest request = Requests.request(
                    host, Limits.NONE.pids(20).build(), Duration.ZERO, "/" + parent.getFileName(), ISOLATED);

            assertFalse(report.supported(), report::toString);
            assertThrows(HostException.class, () -> controller.contribute(request));
        } finally {
            occupant.destroyForcibly().waitFor();
            Files.delete(parent);
        }
    }

    @Test
    void findsOutThatAThreadedParentHoldsNoContainers() throws IOException, InterruptedException {
        needsControllers(Limits.NONE.pids(20));
        Path parent = parent();
        Process occupant = new ProcessBuilder("sleep", "100").start();
        try {
            Files.writeString(parent.resolve("cgroup.procs"), Long.toString(occupant.pid()));
            Files.writeString(parent.resolve("cgroup.subtree_control"), "+pids"); // makes it threaded
            ProbeReport report = controller.probe(host, Requests.settings("/" + parent.getFileName()));

            assertFalse(report.supported());
            assertTrue(report.findings().get(0).remedy().contains("threaded"), report::toString);
        } finally {
            occupant.destroyForcibly().waitFor();
            Files.delete(parent);
        }
    }

    /** A group of the test's own, in which no controller is enabled. */
    private Path parent() throws IOException {
        return Files.createDirectory(Path.of(
                Hierarchy.mount(host).orElseThrow(),
                "caisson-parent-" + ProcessHandle.current().pid()));
    }

    @Test
    void unmakesEverythingWhicheverStepFails() throws IOException {
        needsControllers(Limits.NONE.memory(1 << 20));
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
        needsControllers(limits);
        LaunchRequest request = Requests.request(host, limits.build(), features);
        return Box.run(launcher, new Box(controller, request, command).program());
    }

    /** Every group of ours. */
    private List<Path> groups() throws IOException {
        try (Stream<Path> children = Files.list(Path.of(Hierarchy.mount(host).orElseThrow()))) {
            return children.filter(child -> child.endsWith("caisson-" + Requests.id(host))
                            || child.endsWith(
                                    "caisson-probe." + ProcessHandle.current().pid()))
                    .toList();
        }
    }
}
