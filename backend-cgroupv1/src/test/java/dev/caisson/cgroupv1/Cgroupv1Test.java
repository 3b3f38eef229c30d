package dev.caisson.cgroupv1;

import static dev.caisson.cgroupv1.Requests.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.HostException;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProfileException;
import dev.caisson.api.ResourceController;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.ResourceUsage;
import dev.caisson.cgroupv1.Requests.Limits;
import dev.caisson.program.Errno;
import dev.caisson.program.OnFailure;
import dev.caisson.program.ProgramText;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cgroupv1Test {

    private final Cgroupv1 controller = new Cgroupv1();

    @TempDir
    Path root;

    @Test
    void isFoundByItsInterface() {
        assertTrue(ServiceLoader.load(ResourceController.class).stream()
                .anyMatch(provider -> provider.type() == Cgroupv1.class));
    }

    @Test
    void makesAGroupSetsTheLimitAndChecksIt() {
        assertEquals(
                List.of(
                        "mkdirat(AT_FDCWD, \"/sys/fs/cgroup/pids/caisson-box-1\", 0755)",
                        "write-file(\"/sys/fs/cgroup/pids/caisson-box-1/pids.max\", \"64\")",
                        "expect-file(\"/sys/fs/cgroup/pids/caisson-box-1/pids.max\", \"64\")",
                        "{pids cgroup} = openat(AT_FDCWD, \"/sys/fs/cgroup/pids/caisson-box-1/tasks\","
                                + " O_WRONLY|O_CLOEXEC)"),
                setup(Limits.NONE.pids(64)));
    }

    @Test
    void joinsThroughTheDescriptorBeforeAnythingElse() {
        Contribution contribution = contribute(Limits.NONE.pids(64).memory(1 << 20));

        assertEquals(
                List.of("write({memory cgroup}, \"0\", 1)", "write({pids cgroup}, \"0\", 1)"),
                texts(contribution.child().get(Phase.JOIN)));
    }

    @Test
    void needsNoHierarchyWithoutLimits() {
        assertEquals(Contribution.builder().build(), contribute(Limits.NONE));
    }

    @Test
    void limitsMemoryBeforeItsSumWithSwap() {
        assertEquals(
                List.of("memory.limit_in_bytes = 134217728", "memory.memsw.limit_in_bytes = 201326592"),
                written(Limits.NONE.memory(128 << 20).swap(64 << 20)));
    }

    @Test
    void givesNoSwapUnlessAskedAndToleratesAKernelThatCountsNone() {
        List<Step> steps = contribute(Limits.NONE.memory(1 << 20)).setup();

        assertEquals(
                List.of("memory.limit_in_bytes = 1048576", "memory.memsw.limit_in_bytes = 1048576"),
                written(Limits.NONE.memory(1 << 20)));
        assertEquals(List.of(3, 4), tolerant(steps));
        assertEquals(
                List.of(),
                tolerant(contribute(Limits.NONE.memory(1 << 20).swap(0)).setup()));
    }

    @Test
    void roundsMemoryDownToThePagesOfAnyArchitecture() {
        assertTrue(written(Limits.NONE.memory(100_000_000)).contains("memory.limit_in_bytes = 99942400"));
    }

    @Test
    void refusesWhatCannotBeEnforced() {
        assertThrows(ProfileException.class, () -> contribute(Limits.NONE.memory(1000)));
        assertThrows(ProfileException.class, () -> contribute(Limits.NONE.swap(1 << 20)));
        assertThrows(ProfileException.class, () -> contribute(Limits.NONE.cpus(0.001)));
    }

    @Test
    void turnsProcessorsIntoAQuotaOfTheKernelsPeriod() {
        List<String> setup = setup(Limits.NONE.cpus(0.5));

        assertEquals(List.of("cpu.cfs_quota_us = 50000"), written(Limits.NONE.cpus(0.5)));
        assertTrue(
                setup.contains("expect-file(\"/sys/fs/cgroup/cpu/caisson-box-1/cpu.cfs_period_us\", \"100000\")"),
                setup::toString);
    }

    @Test
    void turnsWeightsIntoSharesAsTheKernelDoes() {
        assertEquals(List.of("cpu.shares = 1024"), written(Limits.NONE.weight(100)));
        assertEquals(10, Cpu.shares(1));
        assertEquals(102_400, Cpu.shares(10_000));
    }

    @Test
    void fillsBothListsOfACpuset() {
        assertEquals(List.of("cpuset.cpus = 0-1", "cpuset.mems = 0"), written(Limits.NONE.cpuset("1,0")));
    }

    @Test
    void accountsProcessorTimeWhereItIsLimited() {
        FixtureHost host = FixtureHost.hybrid(root);
        LaunchRequest limited = request(
                host, ResourceLimits.NONE, Duration.ofSeconds(1), new Options(null, null), Feature.PID_NAMESPACE);

        assertEquals(
                Optional.of(new ResourceController.CpuClock("/sys/fs/cgroup/cpuacct/caisson-box-1/cpuacct.usage", 1)),
                controller.cpuClock(limited));
        assertEquals(Optional.empty(), controller.cpuClock(request(host, ResourceLimits.NONE, Feature.PID_NAMESPACE)));
    }

    @Test
    void makesOneGroupForControllersInOneHierarchy() {
        LaunchRequest request = request(
                FixtureHost.legacy(root),
                Limits.NONE.cpus(2).build(),
                Duration.ofSeconds(1),
                new Options(null, true),
                Feature.PID_NAMESPACE,
                Feature.MOUNT_NAMESPACE,
                Feature.CGROUP_NAMESPACE);
        Contribution contribution = controller.contribute(request);

        assertEquals(
                List.of("mkdirat(AT_FDCWD, \"/sys/fs/cgroup/cpu,cpuacct/caisson-box-1\", 0755)"),
                texts(contribution.setup()).stream()
                        .filter(text -> text.startsWith("mkdirat"))
                        .toList());
        assertEquals(
                List.of(
                        "mount(\"tmpfs\", \"sys/fs/cgroup\", \"tmpfs\", MS_NOSUID|MS_NODEV|MS_NOEXEC,"
                                + " \"mode=755,size=64k\")",
                        "mkdirat(AT_FDCWD, \"sys/fs/cgroup/cpu,cpuacct\", 0755)",
                        "mount(\"cgroup\", \"sys/fs/cgroup/cpu,cpuacct\", \"cgroup\","
                                + " MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC, \"cpu,cpuacct\")",
                        "symlinkat(\"cpu,cpuacct\", AT_FDCWD, \"sys/fs/cgroup/cpu\")",
                        "symlinkat(\"cpu,cpuacct\", AT_FDCWD, \"sys/fs/cgroup/cpuacct\")",
                        "mount(\"none\", \"sys/fs/cgroup\", \"none\","
                                + " MS_REMOUNT|MS_BIND|MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)"),
                texts(contribution.child().get(Phase.MOUNTS)));
    }

    @Test
    void letsAJvmInsideSeeAllThatItWantsToSee() {
        Contribution contribution = contribute(
                Limits.NONE.memory(1 << 20), Feature.PID_NAMESPACE, Feature.MOUNT_NAMESPACE, Feature.CGROUP_NAMESPACE);

        assertEquals(
                List.of("memory", "cpu", "cpuacct", "cpuset"),
                texts(contribution.child().get(Phase.JOIN)).stream()
                        .map(text -> text.replaceAll("write\\(\\{(.*) cgroup}.*", "$1"))
                        .sorted(Comparator.comparing(List.of("memory", "cpu", "cpuacct", "cpuset")::indexOf))
                        .toList());
        assertTrue(texts(contribution.setup())
                .contains("write-file(\"/sys/fs/cgroup/cpuset/caisson-box-1/cpuset.cpus\", \"0-7\")"));
        assertEquals(
                1,
                contribute(Limits.NONE.pids(1), Feature.PID_NAMESPACE, Feature.MOUNT_NAMESPACE)
                        .child()
                        .getOrDefault(Phase.JOIN, List.of())
                        .size());
    }

    @Test
    void bindsTheGroupsWhereThereIsNoCgroupNamespace() {
        Contribution contribution = contribute(Limits.NONE.pids(9), Feature.PID_NAMESPACE, Feature.MOUNT_NAMESPACE);

        assertTrue(
                texts(contribution.child().get(Phase.MOUNTS))
                        .contains(
                                "mount(\"/sys/fs/cgroup/pids/caisson-box-1\", \"sys/fs/cgroup/pids\", \"none\", MS_BIND, NULL)"));
    }

    @Test
    void endsWhatIsLeftThenReadsTheReportsThenRemovesTheGroup() {
        assertEquals(
                List.of(
                        "kill-listed(\"/sys/fs/cgroup/memory/caisson-box-1/cgroup.procs\")",
                        "collect-file(memory.max_usage_in_bytes,"
                                + " \"/sys/fs/cgroup/memory/caisson-box-1/memory.max_usage_in_bytes\")",
                        "collect-file(memory.oom_control,"
                                + " \"/sys/fs/cgroup/memory/caisson-box-1/memory.oom_control\")",
                        "unlinkat(AT_FDCWD, \"/sys/fs/cgroup/memory/caisson-box-1\", AT_REMOVEDIR)"),
                texts(contribute(Limits.NONE.memory(1 << 20)).teardown()));
    }

    @Test
    void withoutAPidNamespaceForksStopBeforeWhatIsLeftIsKilled() {
        Contribution contribution = controller.contribute(request(FixtureHost.hybrid(root), ResourceLimits.NONE));

        assertEquals(
                List.of(
                        "write-file(\"/sys/fs/cgroup/pids/caisson-box-1/pids.max\", \"0\")",
                        "kill-listed(\"/sys/fs/cgroup/pids/caisson-box-1/cgroup.procs\")"),
                texts(contribution.teardown()).subList(0, 2));
    }

    @Test
    void makesGroupsBelowTheParentThatTheProfileNames() {
        LaunchRequest request = request(
                FixtureHost.hybrid(root),
                Limits.NONE.pids(1).build(),
                Duration.ZERO,
                new Options("/machines", null),
                Feature.PID_NAMESPACE);

        assertEquals(
                "mkdirat(AT_FDCWD, \"/sys/fs/cgroup/pids/machines/caisson-box-1\", 0755)",
                texts(controller.contribute(request).setup()).get(0));
    }

    @Test
    void findsAHierarchyInAnUnusualPlaceByTheMountTable() {
        LaunchRequest request =
                request(FixtureHost.unusual(root), Limits.NONE.pids(1).build(), Feature.PID_NAMESPACE);

        assertEquals(
                "mkdirat(AT_FDCWD, \"/cgroup/both/caisson-box-1\", 0755)",
                texts(controller.contribute(request).setup()).get(0));
    }

    @Test
    void saysWhichHierarchyIsMissing() {
        LaunchRequest request =
                request(FixtureHost.unified(root), Limits.NONE.pids(1).build());

        HostException refusal = assertThrows(HostException.class, () -> controller.contribute(request));
        assertTrue(String.valueOf(refusal.getMessage()).contains("pids"), refusal::toString);
    }

    @Test
    void readsTheUsage() {
        assertEquals(
                new ResourceUsage(OptionalLong.of(7_340_032), Optional.of(Duration.ofNanos(1_500_000_001)), 2, 17),
                controller.usage(Map.of(
                        "memory.max_usage_in_bytes", "7340032\n",
                        "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
                        "cpuacct.usage", "1500000001\n",
                        "pids.events", "max 17\n")));
    }

    @Test
    void reportsWhatWasNotMeasuredAsAbsent() {
        assertEquals(ResourceUsage.NONE, controller.usage(Map.of()));
    }

    private Contribution contribute(Limits limits, Feature... features) {
        return controller.contribute(request(
                FixtureHost.hybrid(root),
                limits.build(),
                features.length == 0 ? new Feature[] {Feature.PID_NAMESPACE} : features));
    }

    private List<String> setup(Limits limits) {
        return texts(contribute(limits).setup());
    }

    /** What is written to which file, without the directories. */
    private List<String> written(Limits limits) {
        return setup(limits).stream()
                .filter(text -> text.startsWith("write-file"))
                .map(text -> text.replaceAll("write-file\\(\".*/([^/]*)\", \"(.*)\"\\).*", "$1 = $2"))
                .toList();
    }

    private static List<Integer> tolerant(List<Step> steps) {
        return IntStream.range(0, steps.size())
                .filter(index -> steps.get(index).onFailure() instanceof OnFailure.Tolerate tolerate
                        && tolerate.errors().contains(Errno.ENOENT))
                .boxed()
                .toList();
    }

    /** The steps as calls, without what happens when they fail. */
    private static List<String> texts(@Nullable List<Step> steps) {
        return Objects.requireNonNull(steps).stream()
                .map(step -> ProgramText.of(step).replaceAll("  # .*", ""))
                .toList();
    }
}
