package dev.caisson.cgroupv1;

import dev.caisson.api.Host;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.time.Duration;
import java.util.List;

/**
 * A container's group in one hierarchy, and the steps of its life.
 *
 * @param hierarchy where it lies
 * @param parent the directory in which it is made
 * @param path its directory
 */
record Group(Hierarchy hierarchy, String parent, String path) {

    /** A dying process leaves its group in the background, usually within a millisecond; together this waits for two seconds. */
    private static final int ATTEMPTS = 1000;

    private static final Duration PAUSE = Duration.ofMillis(2);

    static Group of(Hierarchy hierarchy, Options options, String name) {
        String parent = hierarchy.mount() + options.suffix();
        return new Group(hierarchy, parent, parent + "/" + name);
    }

    /** A file of the group. */
    String file(String name) {
        return path + "/" + name;
    }

    /** The text of a file of the parent, as it is now; empty if there is none. */
    String ofParent(Host host, String name) {
        return host.read(parent + "/" + name).orElse("");
    }

    /** Makes it. */
    Step make() {
        return Step.of(
                        "make the cgroup " + path,
                        Op.call("mkdirat", Argument.CWD, Argument.text(path), Argument.mode(0755)))
                .hint(Errno.EACCES, "run as root, or let `parent` name a group that belongs to you")
                .hint(Errno.ENOENT, "make the group " + parent + " first, or leave `parent` out")
                .hint(
                        Errno.EROFS,
                        hierarchy.mount() + " is mounted read-only: in a container, start that with writable cgroups"
                                + " (docker run --privileged)")
                .hint(Errno.EEXIST, "another container has this id, or one that was killed left it: run `caisson gc`");
    }

    /** Writes a limit and makes sure that the kernel took it as it is. */
    List<Step> set(String file, String value) {
        return List.of(Step.write(file(file), value), expect(file, value));
    }

    /** Makes sure that a file says what was asked for. */
    Step expect(String file, String value) {
        return Step.expect(file(file), value)
                .hint(Errno.EBADMSG, "the kernel did not take the value as it was written");
    }

    /** Opens the list of its threads; the child joins through the descriptor. */
    Step open() {
        return Step.of(
                        "open the " + hierarchy.name() + " cgroup",
                        Op.call(
                                "openat",
                                Argument.CWD,
                                Argument.text(file("tasks")),
                                Argument.flags("O_WRONLY", "O_CLOEXEC")))
                .naming(descriptor());
    }

    /** Puts the calling thread, which is the whole child, into the group. */
    Step join() {
        return Step.of(
                        "join the " + hierarchy.name() + " cgroup",
                        Op.call("write", Argument.result(descriptor()), Argument.text("0"), Argument.number(1)))
                .hint(
                        Errno.ENOSPC,
                        "the group's cpuset has no processors or no memory nodes: those of its parent are empty");
    }

    private String descriptor() {
        return hierarchy.name() + " cgroup";
    }

    /** Kills every process in it, until none is left. */
    Step killAll() {
        return Step.of("kill what is left in " + path, new Op.KillListed(file("cgroup.procs")))
                .retrying(Errno.EAGAIN, ATTEMPTS, PAUSE, Errno.ENOENT);
    }

    /** Reads a file into the outcome, under the file's name. */
    Step collect(String file) {
        return Step.of("read " + file(file), new Op.CollectFile(file, file(file)));
    }

    /** Removes it, when the last process has left, which the kernel does in the background. */
    Step remove() {
        return Step.of(
                        "remove the cgroup " + path,
                        Op.call("unlinkat", Argument.CWD, Argument.text(path), Argument.flags("AT_REMOVEDIR")))
                .retrying(Errno.EBUSY, ATTEMPTS, PAUSE, Errno.ENOENT);
    }
}
