package dev.caisson.namespaces;

import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.text;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.List;

/**
 * Changes the root with pivot_root(2), in the way of its manual page that needs no directory for the old root: the old one ends up on top
 * of the new one, and is taken off.
 *
 * <p>Not chroot(2): that leaves the old root in the mount table, for whoever finds a way to it.
 */
final class Pivot {

    private Pivot() {}

    static List<Step> steps() {
        return List.of(
                Step.of("make the new root the root", Op.call("pivot_root", text("."), text(".")))
                        .hint(
                                Errno.EINVAL,
                                "the new root is not a mount, which is the root file system provider's fault; or the host runs from"
                                        + " an initramfs, whose root cannot be moved")
                        .hint(
                                Errno.EPERM,
                                "it lacks CAP_SYS_ADMIN over its mount namespace, or a system call filter is in the way"),
                Step.of("take the old root off", Op.call("umount2", text("."), flags("MNT_DETACH"))),
                Step.of("go to the new root", Op.call("chdir", text("/"))));
    }
}
