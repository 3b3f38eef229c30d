package dev.caisson.cgroupv2;

import dev.caisson.program.Argument;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.List;

/**
 * What a container sees of its group: itself, read-only, at {@code /sys/fs/cgroup}, so that language runtimes inside find their limits.
 *
 * <p>The path is relative to the new root. It lies below a sysfs that was mounted there just before, so nothing of the root file system
 * takes part in finding it.
 */
final class View {

    private static final String PLACE = "sys/fs/cgroup";

    private View() {}

    /**
     * The steps, for the phase of mounts.
     *
     * @param ownNamespace whether the child has a cgroup namespace, in which the hierarchy begins at the child's group; else the group's
     *     directory is bound
     */
    static List<Step> of(Group group, boolean ownNamespace) {
        if (ownNamespace) {
            return List.of(mount(
                    "mount the container's cgroup on /" + PLACE,
                    "cgroup2",
                    "cgroup2",
                    Argument.flags("MS_RDONLY", "MS_NOSUID", "MS_NODEV", "MS_NOEXEC")));
        }
        return List.of(
                mount("bind the container's cgroup on /" + PLACE, group.path(), "none", Argument.flags("MS_BIND")),
                mount(
                        "make /" + PLACE + " read-only",
                        "none",
                        "none",
                        Argument.flags("MS_REMOUNT", "MS_BIND", "MS_RDONLY", "MS_NOSUID", "MS_NODEV", "MS_NOEXEC")));
    }

    private static Step mount(String description, String source, String type, Argument flags) {
        return Step.of(
                description,
                Op.call(
                        "mount",
                        Argument.text(source),
                        Argument.text(PLACE),
                        Argument.text(type),
                        flags,
                        Argument.NULL));
    }
}
