package dev.caisson.chroot;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;
import static dev.caisson.program.Argument.word;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the six devices that programs expect in /dev, as nodes in the container's private copy of its root file system.
 *
 * <p>The copy lies below directories which only root can enter, so nobody on the host gains a device. The image is hostile: its {@code dev}
 * may be a symbolic link, which is refused, and may hold something else under a device's name, which is removed.
 */
final class Devices {

    private static final String DIRECTORY = "dev directory";

    private Devices() {}

    static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of("make the directory /dev if there is none", Op.call("mkdirat", CWD, text("dev"), mode(0755)))
                .tolerating(Errno.EEXIST));
        steps.add(Step.of(
                        "open /dev, unless it is a symbolic link",
                        Op.call("openat", CWD, text("dev"), flags("O_PATH", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC")))
                .naming(DIRECTORY)
                .hint(
                        Errno.ENOTDIR,
                        "in the image /dev is not a directory, and a symbolic link there is not followed; make it a"
                                + " directory in a layer"));
        steps.addAll(device("null", 1, 3));
        steps.addAll(device("zero", 1, 5));
        steps.addAll(device("full", 1, 7));
        steps.addAll(device("random", 1, 8));
        steps.addAll(device("urandom", 1, 9));
        steps.addAll(device("tty", 5, 0));
        return List.copyOf(steps);
    }

    private static List<Step> device(String name, int major, int minor) {
        return List.of(
                Step.of("remove the image's /dev/" + name, Op.call("unlinkat", result(DIRECTORY), text(name), flags()))
                        .tolerating(Errno.ENOENT)
                        .hint(Errno.EISDIR, "in the image /dev/" + name + " is a directory; leave it out of the layer"),
                Step.of(
                                "make /dev/" + name,
                                Op.call(
                                        "mknodat",
                                        result(DIRECTORY),
                                        text(name),
                                        word(0x2000 | 0666, "S_IFCHR|0666"),
                                        word((major << 8) | minor, "makedev(" + major + ", " + minor + ")")))
                        .hint(
                                Errno.EPERM,
                                "a user namespace may not make devices, and without a mount namespace there is no other"
                                        + " way; leave out user: true"));
    }
}
