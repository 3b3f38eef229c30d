package dev.caisson.cgroupv2;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ResourceController;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.ResourceUsage;
import dev.caisson.api.Settings;
import dev.caisson.program.Errno;
import dev.caisson.program.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The backend {@code cgroupv2}: limits and accounts resources with cgroup version 2. */
public final class Cgroupv2 implements ResourceController {

    /** For {@link java.util.ServiceLoader}. */
    public Cgroupv2() {}

    @Override
    public String name() {
        return "cgroupv2";
    }

    @Override
    public String description() {
        return "limits and accounts memory, processors and processes with cgroup version 2";
    }

    @Override
    public ProbeReport probe(Host host, Settings settings) {
        return Probe.of(name(), host, settings.as(Options.class));
    }

    @Override
    public Contribution contribute(LaunchRequest request) {
        Hierarchy hierarchy = hierarchy(request);
        Group group = Group.of(hierarchy, request.site().cgroup());
        ResourceLimits limits = request.spec().resources();
        List<Controller> wanted = Controller.ALL.stream()
                .filter(controller -> controller.wanted(limits))
                .toList();

        Contribution.Builder contribution = Contribution.builder();
        enable(hierarchy, wanted).ifPresent(contribution::setup);
        contribution.setup(group.make(), group.close());
        wanted.forEach(controller -> contribution.setup(steps(controller.limit(group, limits))));
        contribution.setup(group.open()).cgroup(Group.DESCRIPTOR);

        if (request.has(Feature.MOUNT_NAMESPACE)) {
            contribution.child(Phase.MOUNTS, steps(View.of(group, request.has(Feature.CGROUP_NAMESPACE))));
        }

        // First ends what is left, so that the reports are final; then reads them; then removes the group.
        contribution.teardown(group.killAll(), group.collect(Cpu.STAT));
        Controller.ALL.stream()
                .filter(controller ->
                        wanted.contains(controller) || hierarchy.enabled().contains(controller.name()))
                .flatMap(controller -> controller.reports().stream())
                .forEach(file -> contribution.teardown(group.collect(file)));
        contribution.teardown(group.remove());
        return contribution.build();
    }

    /**
     * Enables the controllers that groups below the parent lack. Where the parent has processes of its own this must not even be tried:
     * the kernel refuses some controllers, but for others it turns the parent into a threaded group, in which nothing can be started.
     */
    private Optional<Step> enable(Hierarchy hierarchy, List<Controller> wanted) {
        String missing = wanted.stream()
                .map(Controller::name)
                .filter(name -> !hierarchy.enabled().contains(name))
                .map(name -> "+" + name)
                .collect(Collectors.joining(" "));
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        if (!hierarchy.canEnable()) {
            throw new HostException(name() + ": " + hierarchy.occupied()
                    + "; move them into a group below it, or let `parent` name a group without processes");
        }
        return Optional.of(Step.write(hierarchy.parent() + "/cgroup.subtree_control", missing)
                .hint(Errno.EACCES, "run as root, or let `parent` name a group that belongs to you")
                .hint(Errno.ENOENT, hierarchy.parent() + " has no such controller: see its cgroup.controllers"));
    }

    @Override
    public Optional<CpuClock> cpuClock(LaunchRequest request) {
        Group group = Group.of(hierarchy(request), request.site().cgroup());
        return Optional.of(new CpuClock(group.file(Cpu.STAT), 1000));
    }

    @Override
    public ResourceUsage usage(Map<String, String> collected) {
        return new ResourceUsage(
                Memory.peak(collected), Cpu.used(collected), Memory.oomKills(collected), Pids.refused(collected));
    }

    private Hierarchy hierarchy(LaunchRequest request) {
        Options options = request.settings().as(Options.class);
        return Hierarchy.of(request.host(), options)
                .orElseThrow(() ->
                        new HostException("%s: version 2 is not mounted here, or has no group \"%s\"; take cgroupv1"
                                .formatted(name(), options.suffix())));
    }

    private static Step[] steps(List<Step> steps) {
        return steps.toArray(Step[]::new);
    }
}
