package dev.caisson.api;

/** Something that one backend offers and another, or the profile, may need. */
public enum Feature {
    /** The container has a mount table of its own. */
    MOUNT_NAMESPACE("a mount namespace"),
    /** The container has process ids of its own, and all its processes end with its first one. */
    PID_NAMESPACE("a pid namespace"),
    /** The container has network interfaces of its own. */
    NETWORK_NAMESPACE("a network namespace"),
    /** The container has IPC objects of its own. */
    IPC_NAMESPACE("an IPC namespace"),
    /** The container has a host name of its own. */
    UTS_NAMESPACE("a UTS namespace"),
    /** The container's root is somebody else outside. */
    USER_NAMESPACE("a user namespace"),
    /** The container sees its own cgroup as the root. */
    CGROUP_NAMESPACE("a cgroup namespace"),
    /** The container has clock offsets of its own. */
    TIME_NAMESPACE("a time namespace"),
    /** The process's root directory is changed to the provided one. */
    ROOT_SWITCH("a change of the root directory"),
    /** The provided root is a directory on the host, which works without a mount namespace. */
    ROOT_DIRECTORY("a root that is a plain directory"),
    /** The provided root is mounted in the container's own mount namespace. */
    ROOT_MOUNT("a root that is a mount"),
    /** Memory is limited and measured. */
    MEMORY("a memory limit"),
    /** Swap is limited. */
    SWAP("a swap limit"),
    /** Processor time is limited by quota and shared by weight. */
    CPU("a processor limit"),
    /** The processors and memory nodes are chosen. */
    CPUSET("a choice of processors"),
    /** The number of processes is limited. */
    PIDS("a limit on processes"),
    /** The processor time of all processes of the container together is measured while it runs. */
    CPU_CLOCK("a clock of the container's processor time"),
    /** All processes of the container can be ended at once, whatever they did. */
    KILL_ALL("a way to end every process"),
    /** System calls are filtered. */
    SYSTEM_CALL_FILTER("a system call filter");

    private final String text;

    Feature(String text) {
        this.text = text;
    }

    /** The feature as it reads in a sentence: "a memory limit". */
    public String text() {
        return text;
    }
}
