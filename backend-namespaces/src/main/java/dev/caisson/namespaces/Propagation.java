package dev.caisson.namespaces;

import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.text;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;

/** Cuts the container's mount table off the host's, as in mount_namespaces(7). */
final class Propagation {

    private Propagation() {}

    /** One call for the whole tree. Private rather than slave: what the host mounts later is not for the container. */
    static Step step() {
        return Step.of(
                        "make every mount private, so that none below reaches the host",
                        Op.call("mount", NULL, text("/"), NULL, flags("MS_REC", "MS_PRIVATE"), NULL))
                .hint(Errno.EACCES, "a security module forbids mounting; look at the kernel log for a denial")
                .hint(
                        Errno.EPERM,
                        "it lacks CAP_SYS_ADMIN over its mount namespace, or a system call filter is in the way")
                .hint(Errno.EINVAL, "/ is not a mount here, as below a chroot; start from the real root");
    }
}
