package dev.caisson.namespaces;

import static dev.caisson.program.Argument.flags;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;

/**
 * Makes the cgroup namespace of cgroup_namespaces(7), whose root is the cgroup that the process is in at that moment.
 *
 * <p>So the child makes it itself, after it has joined its groups. As a flag of clone3(2) it would take the monitor's groups for its
 * root, except with one cgroup of version 2 that the child is cloned into; one way for both is simpler and costs 3 µs.
 */
final class CgroupRoot {

    private CgroupRoot() {}

    static Step step() {
        return Step.of(
                        "make a cgroup namespace, rooted in the groups just joined",
                        Op.call("unshare", flags("CLONE_NEWCGROUP")))
                .hint(Errno.EINVAL, "this kernel has no cgroup namespaces; write cgroup: false")
                .hint(Errno.ENOSPC, "raise the sysctl user.max_cgroup_namespaces");
    }
}
