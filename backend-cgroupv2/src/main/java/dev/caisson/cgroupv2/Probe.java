package dev.caisson.cgroupv2;

import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.ProbeReport;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds out what the backend can do on a host, by making a group, starting a process in it, and removing it. */
final class Probe {

    private Probe() {}

    static ProbeReport of(String backend, Host host, Options options) {
        Optional<String> mount = Hierarchy.mount(host);
        if (mount.isEmpty()) {
            return none(Finding.blocker(
                    "cgroup version 2 is not mounted here",
                    "take the controller cgroupv1, or: mount -t cgroup2 none /sys/fs/cgroup"));
        }
        Optional<Hierarchy> found = Hierarchy.of(host, options);
        if (found.isEmpty()) {
            return none(Finding.blocker(
                    mount.get() + " has no group " + options.suffix(), "make it, or leave `parent` out"));
        }
        Hierarchy hierarchy = found.get();
        Set<Feature> offers = EnumSet.of(Feature.CPU_CLOCK, Feature.KILL_ALL);
        List<String> missing = new ArrayList<>();
        List<String> later = new ArrayList<>();
        for (Controller controller : Controller.ALL) {
            if (!hierarchy.allows(controller.name())) {
                missing.add(controller.name());
                continue;
            }
            offers.addAll(controller.offers(host));
            if (!hierarchy.enabled().contains(controller.name())) {
                later.add(controller.name());
            }
        }
        List<Finding> findings = new ArrayList<>();
        attempt(backend, host, hierarchy).ifPresent(findings::add);
        if (!missing.isEmpty()) {
            findings.add(whyMissing(hierarchy, missing, host));
        }
        if (!later.isEmpty()) {
            findings.add(Finding.note("the first container that needs one of " + String.join(", ", later)
                    + " enables it for groups below " + hierarchy.parent() + ", where it stays enabled"));
        }
        return new ProbeReport(offers, Set.of(), findings);
    }

    private static Finding whyMissing(Hierarchy hierarchy, List<String> missing, Host host) {
        if (!hierarchy.canEnable() && missing.stream().anyMatch(hierarchy.available()::contains)) {
            String own = host.read("/proc/self/cgroup").flatMap(Hierarchy::own).orElse("/");
            return Finding.blocker(
                    hierarchy.occupied(),
                    "move them into a group below it, or let `parent` name a group without processes (this process is in "
                            + own + ")");
        }
        return Finding.warning(
                String.join(", ", missing) + " cannot be limited: " + hierarchy.parent() + " has no such controllers",
                "take the controller cgroupv1 where version 1 has them, or have them delegated to this group");
    }

    private static ProbeReport none(Finding why) {
        return new ProbeReport(Set.of(), Set.of(), List.of(why));
    }

    private static Optional<Finding> attempt(String backend, Host host, Hierarchy hierarchy) {
        // A dot is in no container's id, so no container has a group of this name.
        Group group =
                Group.of(hierarchy, "caisson-probe." + ProcessHandle.current().pid());
        List<LaunchProgram.Line> lines = Stream.of(
                        group.make().tolerating(Errno.EEXIST), group.open(), start(hierarchy))
                .map(step -> new LaunchProgram.Line(Section.SETUP, backend, step))
                .collect(Collectors.toCollection(ArrayList::new));
        lines.add(new LaunchProgram.Line(Section.TEARDOWN, backend, group.remove()));
        return host.attempt(new LaunchProgram(lines))
                .map(failure -> Finding.blocker(
                        failure.toString(),
                        Errno.of(failure.errno())
                                .map(failure.line().step().hints()::get)
                                .orElse("see the kernel's log")));
    }

    private static Step start(Hierarchy hierarchy) {
        Op.Clone clone = new Op.Clone(Set.of(), Optional.of(new Argument.Result(Group.DESCRIPTOR)));
        return Step.of("start a process in the cgroup", clone)
                .hint(
                        Errno.EOPNOTSUPP,
                        hierarchy.parent() + " is a threaded group; let `parent` name one whose cgroup.type is domain")
                .hint(Errno.EACCES, "run as root, or let `parent` name a group that was delegated to you");
    }
}
