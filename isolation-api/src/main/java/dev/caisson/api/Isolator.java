package dev.caisson.api;

/** A backend that takes something of the host out of a process's reach: namespaces, chroot, seccomp. */
public interface Isolator extends Backend {

    /** The steps that isolate this container. A pure function: it changes nothing and needs no privilege. */
    Contribution contribute(LaunchRequest request);
}
