package dev.caisson.namespaces;

import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Mounts /proc, as in proc(5), for the container's pid namespace.
 *
 * <p>Without {@code hidepid}: the processes are all the container's. With {@code subset=pid} nothing would have to be hidden, but also
 * {@code /proc/cpuinfo}, {@code /proc/meminfo} and {@code /proc/mounts} would be gone, which programs read.
 */
final class Proc {

    private Proc() {}

    static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(NewMount.directory("proc", 0555));
        steps.addAll(NewMount.steps(
                "proc", "proc", List.of(), "MOUNT_ATTR_NOSUID", "MOUNT_ATTR_NODEV", "MOUNT_ATTR_NOEXEC"));
        return List.copyOf(steps);
    }
}
