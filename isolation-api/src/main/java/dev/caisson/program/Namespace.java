package dev.caisson.program;

import java.util.Locale;

/** A kind of kernel namespace, as in namespaces(7). */
public enum Namespace {
    /** The mount table. */
    MOUNT("mnt", "CLONE_NEWNS"),
    /** Process ids; the first process inside is pid 1. */
    PID("pid", "CLONE_NEWPID"),
    /** Network interfaces, addresses, routes, ports and abstract sockets. */
    NETWORK("net", "CLONE_NEWNET"),
    /** System V IPC objects and POSIX message queues. */
    IPC("ipc", "CLONE_NEWIPC"),
    /** Host name and domain name. */
    UTS("uts", "CLONE_NEWUTS"),
    /** User and group ids, and the capabilities over everything else made inside. */
    USER("user", "CLONE_NEWUSER"),
    /** The root of the cgroup hierarchies as seen from inside. */
    CGROUP("cgroup", "CLONE_NEWCGROUP"),
    /** Offsets of the monotonic and boot-time clocks. */
    TIME("time", "CLONE_NEWTIME");

    private final String procName;
    private final String cloneFlag;

    Namespace(String procName, String cloneFlag) {
        this.procName = procName;
        this.cloneFlag = cloneFlag;
    }

    /** The name of its link below {@code /proc/PID/ns}. */
    public String procName() {
        return procName;
    }

    /** The name of its flag for clone3(2), unshare(2) and setns(2). */
    public String cloneFlag() {
        return cloneFlag;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
