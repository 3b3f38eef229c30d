package dev.caisson.namespaces;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;

import dev.caisson.program.Errno;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Mounts /sys, as in sysfs(5), read-only: it shows the devices of the host and the interfaces of the network namespace. */
final class Sys {

    private static final String[] ATTRIBUTES = {
        "MOUNT_ATTR_RDONLY", "MOUNT_ATTR_NOSUID", "MOUNT_ATTR_NODEV", "MOUNT_ATTR_NOEXEC"
    };

    private Sys() {}

    static List<Step> steps(Set<Namespace> on) {
        List<Step> steps = new ArrayList<>();
        steps.add(NewMount.directory("sys", 0555));
        if (on.contains(Namespace.USER) && !on.contains(Namespace.NETWORK)) {
            steps.addAll(hosts());
        } else {
            steps.addAll(NewMount.steps("sysfs", "sys", List.of(), ATTRIBUTES));
        }
        return List.copyOf(steps);
    }

    /**
     * The host's own, read-only. The kernel mounts sysfs only for who is root over the network that it shows; and mounts of the host
     * cannot be taken apart in a user namespace, so it is the whole tree with what is mounted there.
     */
    private static List<Step> hosts() {
        return List.of(
                Step.of(
                                "copy the host's mounts below /sys",
                                Op.call(
                                        "open_tree",
                                        CWD,
                                        text("/sys"),
                                        flags("OPEN_TREE_CLONE", "OPEN_TREE_CLOEXEC", "AT_RECURSIVE")))
                        .naming("sys mount"),
                Step.of(
                                "make the copies for /sys read-only",
                                Op.call(
                                        "mount_setattr",
                                        result("sys mount"),
                                        text(""),
                                        flags("AT_EMPTY_PATH", "AT_RECURSIVE"),
                                        block(flags(ATTRIBUTES), number(0), number(0), number(0)),
                                        number(32)))
                        .hint(Errno.ENOSYS, "mount_setattr(2) needs Linux 5.12"),
                NewMount.attach("the host's sysfs", "sys"));
    }
}
