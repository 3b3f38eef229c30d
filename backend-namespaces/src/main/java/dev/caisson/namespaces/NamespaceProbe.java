package dev.caisson.namespaces;

import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tries out whether namespaces can be made here, by making them for a child that mounts proc, sysfs and a tmpfs nowhere and ends.
 *
 * <p>It goes as far as a mount and a change of user because a security module may let clone3(2) succeed and forbid what comes after, as
 * AppArmor does with user namespaces on Ubuntu.
 */
final class NamespaceProbe {

    private NamespaceProbe() {}

    static List<Finding> findings(Host host, NamespacesSettings settings) {
        if (!host.privileged()) {
            return List.of(Finding.blocker(
                    "making namespaces needs root, and making them without root in a user namespace is not supported yet",
                    "start it as root"));
        }
        List<Finding> findings = new ArrayList<>();
        Optional<Host.Failure> failure = host.attempt(program(settings));
        if (failure.isPresent()) {
            if (failure.get().line().step().op() instanceof Op.Clone) {
                findings.addAll(culprits(host, settings.on(), failure.get()));
            } else {
                findings.add(finding(failure.get()));
            }
        }
        if (settings.has(Namespace.MOUNT) && !settings.has(Namespace.PID)) {
            findings.add(Finding.warning(
                    "without a pid namespace the container sees every process of the host in /proc",
                    "leave out pid: false"));
        }
        return findings;
    }

    /** The real steps, without those that need a root file system or would matter to anyone. */
    private static LaunchProgram program(NamespacesSettings settings) {
        List<Line> lines = new ArrayList<>();
        if (settings.has(Namespace.TIME)) {
            add(lines, Section.SETUP, Time.steps(settings.clocks()));
        }
        add(lines, Section.SETUP, List.of(clone(NamespaceIsolator.cloned(settings.on()))));
        if (settings.has(Namespace.USER)) {
            add(lines, Section.AFTER_CLONE, User.maps(settings));
        }
        add(lines, Section.AFTER_CLONE, List.of(Step.of("let the child go on", new Op.OpenGate())));
        add(lines, Section.CHILD, List.of(Step.of("wait for the monitor", new Op.AwaitGate())));
        if (settings.has(Namespace.CGROUP)) {
            add(lines, Section.CHILD, List.of(CgroupRoot.step()));
        }
        if (settings.has(Namespace.USER)) {
            add(lines, Section.CHILD, User.becomeRoot());
        }
        if (settings.has(Namespace.MOUNT)) {
            add(lines, Section.CHILD, List.of(Propagation.step()));
            add(lines, Section.CHILD, withoutAttaching(Proc.steps()));
            add(lines, Section.CHILD, withoutAttaching(Sys.steps(settings.on())));
            add(lines, Section.CHILD, withoutAttaching(NewMount.steps("tmpfs", "dev", List.of(), "MOUNT_ATTR_NODEV")));
        }
        if (settings.has(Namespace.NETWORK)) {
            add(lines, Section.CHILD, Network.steps());
        }
        return new LaunchProgram(lines);
    }

    private static List<Step> withoutAttaching(List<Step> steps) {
        return steps.stream()
                .filter(step -> !(step.op() instanceof Op.SystemCall call
                        && (call.name().equals("mkdirat") || call.name().equals("move_mount"))))
                .toList();
    }

    private static Step clone(Set<Namespace> namespaces) {
        return Step.of("start a child in new namespaces", new Op.Clone(namespaces, Optional.empty()));
    }

    /** Clone says only that something did not work: each namespace alone says what. */
    private static List<Finding> culprits(Host host, Set<Namespace> on, Host.Failure together) {
        List<Finding> findings = new ArrayList<>();
        for (Namespace namespace : NamespaceIsolator.cloned(on)) {
            List<Line> lines = new ArrayList<>();
            add(lines, Section.SETUP, List.of(clone(EnumSet.of(namespace))));
            host.attempt(new LaunchProgram(lines))
                    .ifPresent(failure -> findings.add(Finding.blocker(
                            "a " + namespace + " namespace cannot be made: " + Errno.describe(failure.errno()),
                            remedy(namespace, failure))));
        }
        return findings.isEmpty() ? List.of(finding(together)) : findings;
    }

    private static String remedy(Namespace namespace, Host.Failure failure) {
        if (failure.is(Errno.EPERM)) {
            return "give this process CAP_SYS_ADMIN; inside a container also look at its system call filter";
        } else if (failure.is(Errno.EINVAL)) {
            return "use a kernel with " + namespace + " namespaces, or write " + namespace + ": false";
        } else if (failure.is(Errno.ENOSPC)) {
            return "raise the sysctl user.max_" + namespace.procName() + "_namespaces";
        } else if (failure.is(Errno.EUSERS)) {
            return "start it outside of so many nested user namespaces";
        }
        return "write " + namespace + ": false";
    }

    private static Finding finding(Host.Failure failure) {
        String help = "look at the kernel log for what forbids it";
        for (var hint : failure.line().step().hints().entrySet()) {
            if (failure.is(hint.getKey())) {
                help = hint.getValue();
            }
        }
        return Finding.blocker(failure.toString(), help);
    }

    private static void add(List<Line> lines, Section section, List<Step> steps) {
        steps.forEach(step -> lines.add(new Line(section, "namespaces", step)));
    }
}
