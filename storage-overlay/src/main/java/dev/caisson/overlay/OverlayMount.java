package dev.caisson.overlay;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;

import dev.caisson.layers.RootMount;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The steps that mount an overlay, relative to the current directory. */
final class OverlayMount {

    private static final String CONTEXT = "scratch file system";
    private static final String SCRATCH = "scratch";

    private OverlayMount() {}

    /** Mounts a tmpfs on the current directory, for directories to mount on and perhaps for the upper one, and goes there. */
    static List<Step> scratch(long size, long inodes) {
        List<Step> steps = new ArrayList<>(List.of(
                Step.of("open a new tmpfs", Op.call("fsopen", text("tmpfs"), flags("FSOPEN_CLOEXEC")))
                        .naming(CONTEXT)
                        .hint(Errno.EPERM, "it lacks CAP_SYS_ADMIN, or a system call filter is in the way"),
                option("size", Long.toString(size)),
                option("nr_inodes", Long.toString(inodes)),
                option("mode", "0700"),
                Step.of(
                        "create the tmpfs",
                        Op.call("fsconfig", result(CONTEXT), flags("FSCONFIG_CMD_CREATE"), NULL, NULL, number(0))),
                Step.of(
                                "make a mount of it",
                                Op.call(
                                        "fsmount",
                                        result(CONTEXT),
                                        flags("FSMOUNT_CLOEXEC"),
                                        flags("MOUNT_ATTR_NOSUID", "MOUNT_ATTR_NODEV")))
                        .naming(SCRATCH)));
        steps.addAll(RootMount.attachHere(SCRATCH));
        return steps;
    }

    /** Makes a directory that is only there to have something mounted on it, or for overlayfs itself. */
    static Step directory(String name) {
        return Step.of("make the directory " + name, Op.call("mkdirat", CWD, text(name), mode(0700)));
    }

    /** Makes the directory that becomes the container's root directory, so with exactly this mode, whatever the umask. */
    static List<Step> upper() {
        return List.of(
                directory("upper"),
                Step.of(
                        "let everybody into it, as a root directory",
                        Op.call("fchmodat", CWD, text("upper"), mode(0755))));
    }

    /**
     * Mounts the overlay on {@code root}. The layers are the directories 1 to {@code layers}, the lowest first.
     *
     * @param above the directory with {@code upper} and {@code work}, as a prefix: empty or {@code kept/}
     * @param mapped whether this happens in a user namespace
     */
    static Step overlay(int layers, String above, boolean mapped) {
        String lower = IntStream.iterate(layers, i -> i > 0, i -> i - 1)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(":"));
        // What a kernel's defaults could turn on is off: layers are not trusted, and their attributes could lead it to
        // other files.
        String options = "lowerdir=" + lower + ",upperdir=" + above + "upper,workdir=" + above
                + "work,index=off,metacopy=off,redirect_dir=nofollow" + (mapped ? ",userxattr" : "");
        return Step.of(
                        "mount the overlay",
                        Op.call(
                                "mount",
                                text("overlay"),
                                text("root"),
                                text("overlay"),
                                flags("MS_NODEV"),
                                text(options)))
                .hint(Errno.ENODEV, "this kernel has no overlayfs; try modprobe overlay, or use the provider vfs")
                .hint(Errno.ELOOP, "two layers are, or contain, the same directory; name each only once")
                .hint(
                        Errno.EINVAL,
                        "a layer, or the kept directory, is on a file system that overlayfs cannot use, such as two overlays already;"
                                + " see the kernel log, move it, or use the provider vfs")
                .hint(Errno.EPERM, "it lacks CAP_SYS_ADMIN, or in a user namespace the kernel is older than 5.11");
    }

    private static Step option(String key, String value) {
        return Step.of(
                "set its " + key + " to " + value,
                Op.call("fsconfig", result(CONTEXT), flags("FSCONFIG_SET_STRING"), text(key), text(value), number(0)));
    }
}
