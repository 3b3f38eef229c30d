package dev.caisson.cgroupv1;

import dev.caisson.program.Argument;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a container sees of its groups: {@code /sys/fs/cgroup} with one read-only directory for each hierarchy, as in Docker, so that
 * language runtimes inside find their limits.
 *
 * <p>HotSpot wants to see {@link #RUNTIMES all four} of what it knows: if one is missing it takes itself for alone on the host, and sizes
 * its heap by the host's memory in a container that is killed long before that is full.
 *
 * <p>The paths are relative to the new root. They lie below a sysfs that was mounted there just before, so nothing of the root file
 * system takes part in finding them.
 */
final class View {

    /** The controllers that a JVM requires; seen with JDK 17. */
    static final Set<String> RUNTIMES = Set.of("memory", "cpu", "cpuacct", "cpuset");

    private static final String PLACE = "sys/fs/cgroup";

    private View() {}

    /**
     * The steps, for the phase of mounts.
     *
     * @param ownNamespace whether the child has a cgroup namespace, in which a hierarchy begins at the child's group; else the group's
     *     directory is bound
     */
    static List<Step> of(List<Group> groups, boolean ownNamespace) {
        List<Step> steps = new ArrayList<>();
        steps.add(mount(
                "mount a tmpfs on /" + PLACE,
                "tmpfs",
                PLACE,
                "tmpfs",
                Argument.flags("MS_NOSUID", "MS_NODEV", "MS_NOEXEC"),
                Argument.text("mode=755,size=64k")));
        for (Group group : groups) {
            String name = group.hierarchy().name();
            String target = PLACE + "/" + name;
            steps.add(Step.of(
                    "make the directory /" + target,
                    Op.call("mkdirat", Argument.CWD, Argument.text(target), Argument.mode(0755))));
            if (ownNamespace) {
                steps.add(mount(
                        "mount the container's " + name + " cgroup on /" + target,
                        "cgroup",
                        target,
                        "cgroup",
                        Argument.flags("MS_RDONLY", "MS_NOSUID", "MS_NODEV", "MS_NOEXEC"),
                        Argument.text(name)));
            } else {
                steps.add(mount(
                        "bind the container's " + name + " cgroup on /" + target,
                        group.path(),
                        target,
                        "none",
                        Argument.flags("MS_BIND"),
                        Argument.NULL));
                steps.add(seal(target));
            }
            if (group.hierarchy().controllers().size() > 1) {
                for (String controller : group.hierarchy().controllers()) {
                    steps.add(Step.of(
                            "link /" + PLACE + "/" + controller + " to " + name,
                            Op.call(
                                    "symlinkat",
                                    Argument.text(name),
                                    Argument.CWD,
                                    Argument.text(PLACE + "/" + controller))));
                }
            }
        }
        steps.add(seal(PLACE));
        return steps;
    }

    private static Step seal(String target) {
        return mount(
                "make /" + target + " read-only",
                "none",
                target,
                "none",
                Argument.flags("MS_REMOUNT", "MS_BIND", "MS_RDONLY", "MS_NOSUID", "MS_NODEV", "MS_NOEXEC"),
                Argument.NULL);
    }

    private static Step mount(
            String description, String source, String target, String type, Argument flags, Argument data) {
        return Step.of(
                description,
                Op.call("mount", Argument.text(source), Argument.text(target), Argument.text(type), flags, data));
    }
}
