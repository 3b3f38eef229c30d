package dev.caisson.cgroupv2;

import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.time.Duration;
import java.util.List;

/**
 * A container's group, and the steps of its life.
 *
 * @param parent the directory in which it is made
 * @param path its directory
 */
record Group(String parent, String path) {

    /** A dying process leaves its group in the background, usually within a millisecond; together this waits for two seconds. */
    private static final int ATTEMPTS = 1000;

    private static final Duration PAUSE = Duration.ofMillis(2);

    /** The result under which later steps find the group's directory. */
    static final String DESCRIPTOR = "cgroup";

    static Group of(Hierarchy hierarchy, String name) {
        return new Group(hierarchy.parent(), hierarchy.parent() + "/" + name);
    }

    /** A file of the group. */
    String file(String name) {
        return path + "/" + name;
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
                        "cgroup2 is mounted read-only: in a container, start that with writable cgroups"
                                + " (docker run --privileged)")
                .hint(Errno.EEXIST, "another container has this id, or one that was killed left it: run `caisson gc`");
    }

    /** Lets nobody make groups in it: a container that mounts the hierarchy for itself could, and they would be left. */
    Step close() {
        return Step.write(file("cgroup.max.descendants"), "0");
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

    /** Opens its directory, in which the child is made. */
    Step open() {
        return Step.of(
                        "open the cgroup",
                        Op.call(
                                "openat",
                                Argument.CWD,
                                Argument.text(path),
                                Argument.flags("O_PATH", "O_DIRECTORY", "O_CLOEXEC")))
                .naming(DESCRIPTOR);
    }

    /** Kills every process in it and below, none of which can escape by forking. */
    Step killAll() {
        return Step.write(file("cgroup.kill"), "1").tolerating(Errno.ENOENT, Errno.ENODEV);
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
