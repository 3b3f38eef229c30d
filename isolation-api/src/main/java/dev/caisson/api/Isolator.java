package dev.caisson.api;

/** A backend that takes something of the host out of a process's reach: namespaces, chroot, seccomp. */
public interface Isolator extends Backend {

    /**
     * The steps that isolate this container. It reads at most files of {@link LaunchRequest#host()}, changes nothing and needs no
     * privilege: the same request on the same host gives the same steps.
     */
    Contribution contribute(LaunchRequest request);
}
