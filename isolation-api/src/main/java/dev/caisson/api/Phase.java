package dev.caisson.api;

/**
 * The order of the child's steps. Backends contribute to phases, so none needs to know where another's steps stand.
 *
 * <p>The order is the kernel's: each constant says why it stands where it does.
 */
public enum Phase {
    /** Joins cgroups: first, so that everything the child does is accounted and limited. */
    JOIN("joins its cgroups first, so that everything after is accounted and limited"),
    /** Makes the cgroup namespace: after joining, or its root would be the monitor's group. */
    CGROUP_NAMESPACE("its cgroup namespace takes the group just joined as root"),
    /** Becomes root of the user namespace: before mounting, which needs its capabilities. */
    IDENTITY("becomes root in its user namespace, whose capabilities the mounts below need"),
    /** Takes the mount table off the host's: before any mount, or it would propagate. */
    PROPAGATION("cuts mount propagation, so that no mount below reaches the host"),
    /** Brings the root file system into being and goes there. */
    ROOT("mounts or enters the new root; the working directory is the new root from here on"),
    /** Writes files into the new root: before it may become read-only and before mounts hide directories. */
    FILES("writes files into the new root, before mounts cover it or it becomes read-only"),
    /** Mounts proc, sys, dev: while the old root is attached, else a user namespace may not mount proc. */
    MOUNTS("mounts proc, sys, dev: a user namespace may do so only while the old root is attached"),
    /** Hides and write-protects parts of those. */
    MASK("hides and write-protects parts of what was just mounted"),
    /** Makes the root read-only, when everything in it is in place. */
    SEAL("makes the root read-only, when everything in it is in place"),
    /** Changes the root: after this no path leads outside. */
    PIVOT("changes the root; after this no path leads to the host"),
    /** Sets host name and network: in the namespaces, whenever, but with capabilities. */
    KERNEL_STATE("sets host name and network, while it still has the capabilities"),
    /** Sets resource limits and the working directory: before credentials, as raising a limit needs a capability. */
    LIMITS("sets resource limits, which may need a capability"),
    /** Drops credentials: bounding set, groups, users, capabilities, in that order. */
    CREDENTIALS("gives up privileges: bounding set, groups, user, capabilities, in this order"),
    /** Forks the command off pid 1: after credentials, so that pid 1 has nothing that the command has not. */
    INIT("forks the command off pid 1, which so has no privilege that the command lacks"),
    /** Makes session and terminal: after pid 1 has split off, so that the terminal belongs to the command. */
    SESSION("makes a session and, if asked, a terminal, which belong to the command and not to pid 1"),
    /** Filters system calls: last, as the filter need not allow what came before. */
    FILTER("filters system calls, last, so that the filter need not allow what came before"),
    /** Becomes the command. */
    EXEC("becomes the command");

    private final String reason;

    Phase(String reason) {
        this.reason = reason;
    }

    /** Why it stands where it does, in a sentence. */
    public String reason() {
        return reason;
    }
}
