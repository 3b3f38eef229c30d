package dev.caisson.cgroupv1;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ResourceController;
import dev.caisson.api.ResourceUsage;
import dev.caisson.api.Settings;
import dev.caisson.program.Step;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The backend {@code cgroupv1}: limits and accounts resources with cgroup version 1, on legacy and hybrid hosts. */
public final class Cgroupv1 implements ResourceController {

    /** For {@link java.util.ServiceLoader}. */
    public Cgroupv1() {}

    @Override
    public String name() {
        return "cgroupv1";
    }

    @Override
    public String description() {
        return "limits and accounts memory, processors and processes with cgroup version 1";
    }

    @Override
    public ProbeReport probe(Host host, Settings settings) {
        return Probe.of(name(), host, settings.as(Options.class));
    }

    @Override
    public Contribution contribute(LaunchRequest request) {
        List<Group> groups = groups(request);
        Contribution.Builder contribution = Contribution.builder();
        for (Group group : groups) {
            contribution.setup(group.make());
            group.hierarchy()
                    .known()
                    .forEach(controller -> contribution.setup(steps(controller.limit(group, request))));
            contribution.setup(group.open());
            contribution.child(Phase.JOIN, group.join());
        }
        if (!groups.isEmpty() && request.has(Feature.MOUNT_NAMESPACE)) {
            contribution.child(Phase.MOUNTS, steps(View.of(groups, request.has(Feature.CGROUP_NAMESPACE))));
        }
        teardown(groups, request, contribution);
        return contribution.build();
    }

    /** First ends what is left, so that the reports are final; then reads them; then removes the groups. */
    private static void teardown(List<Group> groups, LaunchRequest request, Contribution.Builder contribution) {
        if (!request.has(Feature.PID_NAMESPACE)) {
            Group pids = groups.stream()
                    .filter(group -> group.hierarchy().controllers().contains("pids"))
                    .findFirst()
                    .orElseThrow();
            contribution.teardown(Pids.stopForks(pids), pids.killAll());
        } else if (!groups.isEmpty()) {
            contribution.teardown(groups.get(0).killAll());
        }
        for (Group group : groups) {
            for (Controller controller : group.hierarchy().known()) {
                controller.reports().forEach(file -> contribution.teardown(group.collect(file)));
            }
        }
        List<Group> backwards = new ArrayList<>(groups);
        Collections.reverse(backwards);
        backwards.forEach(group -> contribution.teardown(group.remove()));
    }

    @Override
    public Optional<CpuClock> cpuClock(LaunchRequest request) {
        return groups(request).stream()
                .filter(group -> group.hierarchy().controllers().contains("cpuacct"))
                .map(group -> new CpuClock(group.file(Cpuacct.USAGE), 1))
                .findFirst();
    }

    @Override
    public ResourceUsage usage(Map<String, String> collected) {
        return new ResourceUsage(
                Memory.peak(collected), Cpuacct.used(collected), Memory.oomKills(collected), Pids.refused(collected));
    }

    /** The groups of a container: one in each hierarchy which has a controller that is wanted, or that is to be seen inside. */
    private List<Group> groups(LaunchRequest request) {
        List<Hierarchy> hierarchies = Hierarchy.of(request.host());
        Options options = request.settings().as(Options.class);
        List<Controller> wanted = Controller.ALL.stream()
                .filter(controller -> controller.wanted(request))
                .toList();
        Stream<Hierarchy> needed = wanted.stream().map(controller -> find(controller.name(), hierarchies));
        boolean limited = wanted.stream().anyMatch(controller -> View.RUNTIMES.contains(controller.name()));
        Stream<Hierarchy> shown = limited && request.has(Feature.MOUNT_NAMESPACE) && options.showsAll()
                ? hierarchies.stream().filter(hierarchy -> isShown(hierarchy, options, request.host()))
                : Stream.empty();
        return Stream.concat(needed, shown)
                .distinct()
                .map(hierarchy -> Group.of(hierarchy, options, request.site().cgroup()))
                .toList();
    }

    private static boolean isShown(Hierarchy hierarchy, Options options, Host host) {
        return !Collections.disjoint(hierarchy.controllers(), View.RUNTIMES)
                && Files.isDirectory(host.path(hierarchy.mount() + options.suffix()));
    }

    private Hierarchy find(String controller, List<Hierarchy> hierarchies) {
        return hierarchies.stream()
                .filter(hierarchy -> hierarchy.controllers().contains(controller))
                .findFirst()
                .orElseThrow(() -> new HostException(
                        "%s: the controller %s has no version 1 hierarchy here; take cgroupv2, or: mount -t cgroup -o %2$s cgroup DIRECTORY"
                                .formatted(name(), controller)));
    }

    private static Step[] steps(List<Step> steps) {
        return steps.toArray(Step[]::new);
    }
}
