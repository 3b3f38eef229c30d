package dev.caisson.cgroupv2;

import static dev.caisson.cgroupv2.Requests.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.HostException;
import dev.caisson.api.Phase;
import dev.caisson.api.ProfileException;
import dev.caisson.api.ResourceController;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.ResourceUsage;
import dev.caisson.cgroupv2.Requests.Limits;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.OnFailure;
import dev.caisson.program.ProgramText;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cgroupv2Test {

    private final Cgroupv2 controller = new Cgroupv2();

    @TempDir
    Path root;

    @Test
    void isFoundByItsInterface() {
        assertTrue(ServiceLoader.load(ResourceController.class).stream()
                .anyMatch(provider -> provider.type() == Cgroupv2.class));
    }

    @Test
    void makesAGroupSetsTheLimitChecksItAndMakesTheChildInIt() {
        Contribution contribution = contribute(Limits.NONE.pids(64));

        assertEquals(
                List.of(
                        "mkdirat(AT_FDCWD, \"/sys/fs/cgroup/caisson-box-1\", 0755)",
                        "write-file(\"/sys/fs/cgroup/caisson-box-1/cgroup.max.descendants\", \"0\")",
                        "write-file(\"/sys/fs/cgroup/caisson-box-1/pids.max\", \"64\")",
                        "expect-file(\"/sys/fs/cgroup/caisson-box-1/pids.max\", \"64\")",
                        "{cgroup} = openat(AT_FDCWD, \"/sys/fs/cgroup/caisson-box-1\", O_PATH|O_DIRECTORY|O_CLOEXEC)"),
                texts(contribution.setup()));
        assertEquals(new Argument.Result("cgroup"), contribution.cgroup());
        assertEquals(Map.of(), contribution.child());
    }

    @Test
    void enablesTheControllersThatTheParentLacks() {
        assertEquals(
                "write-file(\"/sys/fs/cgroup/cgroup.subtree_control\", \"+cpuset\")",
                setup(Limits.NONE.memory(1 << 20).cpuset("1,0")).get(0));
    }

    @Test
    void touchesNoParentThatHasProcessesOfItsOwn() {
        FixtureHost host = FixtureHost.container(root);

        assertThrows(
                HostException.class,
                () -> controller.contribute(request(host, Limits.NONE.pids(1).build())));
        assertEquals(
                Map.of(),
                controller.contribute(request(host, ResourceLimits.NONE)).child());
    }

    @Test
    void readsBackWhichProcessorsWereGranted() {
        List<String> setup = setup(Limits.NONE.cpuset("1,0"));

        assertTrue(
                setup.contains("write-file(\"/sys/fs/cgroup/caisson-box-1/cpuset.cpus\", \"0-1\")"), setup::toString);
        assertTrue(
                setup.contains("expect-file(\"/sys/fs/cgroup/caisson-box-1/cpuset.cpus.effective\", \"0-1\")"),
                setup::toString);
    }

    @Test
    void limitsMemoryAndSwapEachByItself() {
        assertEquals(
                List.of("memory.max = 134217728", "memory.swap.max = 67108864"),
                written(Limits.NONE.memory(128 << 20).swap(64 << 20)));
        assertEquals(List.of("memory.swap.max = 65536"), written(Limits.NONE.swap(100_000)));
    }

    @Test
    void givesNoSwapUnlessAskedAndToleratesAKernelThatCountsNone() {
        assertEquals(List.of("memory.max = 1048576", "memory.swap.max = 0"), written(Limits.NONE.memory(1 << 20)));
        assertEquals(2, tolerant(Limits.NONE.memory(1 << 20)));
        assertEquals(0, tolerant(Limits.NONE.memory(1 << 20).swap(0)));
    }

    @Test
    void limitsProcessorsByQuotaAndWeight() {
        assertEquals(
                List.of("cpu.max = 50000 100000", "cpu.weight = 200"),
                written(Limits.NONE.cpus(0.5).weight(200)));
    }

    @Test
    void refusesWhatCannotBeEnforced() {
        assertThrows(ProfileException.class, () -> contribute(Limits.NONE.memory(1000)));
        assertThrows(ProfileException.class, () -> contribute(Limits.NONE.cpus(0.001)));
    }

    @Test
    void showsTheGroupInsideReadOnly() {
        assertEquals(
                List.of("mount(\"cgroup2\", \"sys/fs/cgroup\", \"cgroup2\","
                        + " MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)"),
                texts(contribute(Limits.NONE, Feature.MOUNT_NAMESPACE, Feature.CGROUP_NAMESPACE)
                        .child()
                        .get(Phase.MOUNTS)));
        assertEquals(
                List.of(
                        "mount(\"/sys/fs/cgroup/caisson-box-1\", \"sys/fs/cgroup\", \"none\", MS_BIND, NULL)",
                        "mount(\"none\", \"sys/fs/cgroup\", \"none\","
                                + " MS_REMOUNT|MS_BIND|MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)"),
                texts(contribute(Limits.NONE, Feature.MOUNT_NAMESPACE).child().get(Phase.MOUNTS)));
    }

    @Test
    void endsWhatIsLeftThenReadsTheReportsThenRemovesTheGroup() {
        assertEquals(
                List.of(
                        "write-file(\"/sys/fs/cgroup/caisson-box-1/cgroup.kill\", \"1\")",
                        "collect-file(cpu.stat, \"/sys/fs/cgroup/caisson-box-1/cpu.stat\")",
                        "collect-file(memory.peak, \"/sys/fs/cgroup/caisson-box-1/memory.peak\")",
                        "collect-file(memory.events, \"/sys/fs/cgroup/caisson-box-1/memory.events\")",
                        "collect-file(pids.events, \"/sys/fs/cgroup/caisson-box-1/pids.events\")",
                        "unlinkat(AT_FDCWD, \"/sys/fs/cgroup/caisson-box-1\", AT_REMOVEDIR)"),
                texts(contribute(Limits.NONE).teardown()));
    }

    @Test
    void readsOnlyReportsThatTheGroupHas() {
        Contribution contribution = controller.contribute(request(FixtureHost.hybrid(root), ResourceLimits.NONE));

        assertEquals(3, contribution.teardown().size(), contribution::toString);
    }

    @Test
    void knowsTheClockOfProcessorTime() {
        assertEquals(
                Optional.of(new ResourceController.CpuClock("/sys/fs/cgroup/unified/caisson-box-1/cpu.stat", 1000)),
                controller.cpuClock(request(FixtureHost.hybrid(root), ResourceLimits.NONE)));
    }

    @Test
    void makesGroupsBelowTheParentThatTheProfileNames() {
        FixtureHost host = FixtureHost.unified(root).group("/sys/fs/cgroup/machines", "memory", "memory");
        Contribution contribution = controller.contribute(
                request(host, Limits.NONE.memory(1 << 20).build(), Duration.ZERO, "/machines", Feature.PID_NAMESPACE));

        assertEquals(
                "mkdirat(AT_FDCWD, \"/sys/fs/cgroup/machines/caisson-box-1\", 0755)",
                texts(contribution.setup()).get(0));
    }

    @Test
    void findsTheHierarchyInAnUnusualPlaceByTheMountTable() {
        Contribution contribution =
                controller.contribute(request(FixtureHost.unusual(root), ResourceLimits.NONE, Feature.PID_NAMESPACE));

        assertEquals(
                "mkdirat(AT_FDCWD, \"/cgroup2/caisson-box-1\", 0755)",
                texts(contribution.setup()).get(0));
    }

    @Test
    void saysThatVersion2IsMissing() {
        assertThrows(
                HostException.class,
                () -> controller.contribute(request(FixtureHost.legacy(root), ResourceLimits.NONE)));
    }

    @Test
    void readsTheUsage() {
        assertEquals(
                new ResourceUsage(OptionalLong.of(7_340_032), Optional.of(Duration.ofNanos(1_500_001_000)), 2, 17),
                controller.usage(Map.of(
                        "memory.peak", "7340032\n",
                        "memory.events", "low 0\nhigh 0\nmax 31\noom 2\noom_kill 2\noom_group_kill 0\n",
                        "cpu.stat", "usage_usec 1500001\nuser_usec 1500000\nsystem_usec 1\n",
                        "pids.events", "max 17\n")));
    }

    @Test
    void reportsWhatWasNotMeasuredAsAbsent() {
        assertEquals(ResourceUsage.NONE, controller.usage(Map.of()));
    }

    private Contribution contribute(Limits limits, Feature... features) {
        return controller.contribute(request(FixtureHost.unified(root), limits.build(), features));
    }

    private List<String> setup(Limits limits) {
        return texts(contribute(limits).setup());
    }

    /** Which limits are written, without the directories. */
    private List<String> written(Limits limits) {
        return setup(limits).stream()
                .filter(text -> text.startsWith("write-file") && !text.contains("/cgroup."))
                .map(text -> text.replaceAll("write-file\\(\".*/([^/]*)\", \"(.*)\"\\).*", "$1 = $2"))
                .toList();
    }

    private long tolerant(Limits limits) {
        return contribute(limits).setup().stream()
                .filter(step -> step.onFailure() instanceof OnFailure.Tolerate tolerate
                        && tolerate.errors().contains(Errno.ENOENT))
                .count();
    }

    /** The steps as calls, without what happens when they fail. */
    private static List<String> texts(@Nullable List<Step> steps) {
        return Objects.requireNonNull(steps).stream()
                .map(step -> ProgramText.of(step).replaceAll("  # .*", ""))
                .toList();
    }
}
