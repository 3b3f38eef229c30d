package dev.caisson.program;

/** Which process runs a step, and when. */
public enum Section {
    /** The monitor, before there is a child: descriptors, the record of the run, cgroups. */
    SETUP("monitor, before the child exists"),
    /** The monitor, once it knows the child's pid; the child waits at the gate until this section is done. */
    AFTER_CLONE("monitor, while the child waits"),
    /** The child, from its first instruction to execve. */
    CHILD("child, up to the command"),
    /** The monitor when the child has ended, or recovery when the monitor has died. */
    TEARDOWN("monitor, when the child has ended");

    private final String who;

    Section(String who) {
        this.who = who;
    }

    /** Who runs it and when, in words. */
    public String who() {
        return who;
    }
}
