package dev.caisson.cgroupv1;

import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.ProbeReport;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Section;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out what the backend can do on a host, by making and removing a group in every hierarchy that it may use. */
final class Probe {

    private Probe() {}

    static ProbeReport of(String backend, Host host, Options options) {
        List<Hierarchy> hierarchies = Hierarchy.of(host);
        if (hierarchies.isEmpty()) {
            return none(Finding.blocker(
                    "no cgroup version 1 hierarchy of a known controller is mounted here",
                    "take the controller cgroupv2, or let auto choose"));
        }
        // A dot is in no container's id, so no container has a group of this name.
        String name = "caisson-probe." + ProcessHandle.current().pid();
        List<Group> groups = hierarchies.stream()
                .map(hierarchy -> Group.of(hierarchy, options, name))
                .filter(group -> Files.isDirectory(host.path(group.parent())))
                .toList();
        if (groups.isEmpty()) {
            return none(Finding.blocker(
                    "no cgroup version 1 hierarchy has the parent group " + options.suffix(),
                    "make it, or leave `parent` out"));
        }
        Set<Feature> offers = EnumSet.noneOf(Feature.class);
        for (Group group : groups) {
            Hierarchy hierarchy = group.hierarchy();
            hierarchy.known().forEach(controller -> offers.addAll(controller.offers(host, hierarchy.mount())));
        }
        List<Finding> findings = new ArrayList<>();
        attempt(backend, host, groups).ifPresent(findings::add);
        if (offers.contains(Feature.MEMORY) && !offers.contains(Feature.SWAP)) {
            findings.add(Finding.warning(
                    "this kernel does not account swap: a container at its memory limit is swapped out, not stopped",
                    "boot with swapaccount=1, or have no swap"));
        }
        return new ProbeReport(offers, Set.of(), findings);
    }

    private static ProbeReport none(Finding why) {
        return new ProbeReport(Set.of(), Set.of(), List.of(why));
    }

    private static Optional<Finding> attempt(String backend, Host host, List<Group> groups) {
        List<LaunchProgram.Line> lines = new ArrayList<>();
        groups.forEach(group -> lines.add(
                new LaunchProgram.Line(Section.SETUP, backend, group.make().tolerating(Errno.EEXIST))));
        groups.forEach(group -> lines.add(new LaunchProgram.Line(Section.TEARDOWN, backend, group.remove())));
        return host.attempt(new LaunchProgram(lines))
                .map(failure -> Finding.blocker(
                        failure.toString(),
                        Errno.of(failure.errno())
                                .map(failure.line().step().hints()::get)
                                .orElse("see the kernel's log")));
    }
}
