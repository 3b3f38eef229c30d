package dev.caisson.namespaces;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Mounts a new file system on a directory of the image, which is hostile: with fsopen(2) and move_mount(2), since those do not follow a
 * symbolic link in the target's place as mount(2) would.
 *
 * <p>The working directory is the new root. Descriptors are left open: each would cost a call, and the engine closes them all at once.
 */
final class NewMount {

    private NewMount() {}

    /** Makes sure that there is a directory, and does not mind what else has its name: the mount that follows does. */
    static Step directory(String name, int permissions) {
        return Step.of(
                        "make the directory /" + name + " if there is none",
                        Op.call("mkdirat", CWD, text(name), mode(permissions)))
                .tolerating(Errno.EEXIST)
                .hint(
                        Errno.EROFS,
                        "the root file system is read-only and has no /" + name + "; make the directory in a layer");
    }

    /**
     * Mounts a new file system of a type.
     *
     * @param type its type, such as {@code proc}
     * @param target a name of one component
     * @param options what fsconfig(2) sets: {@code key=value}
     * @param attributes the flags of fsmount(2)
     */
    static List<Step> steps(String type, String target, List<String> options, String... attributes) {
        String context = target + " file system";
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of(
                        "open a new " + type + " for /" + target,
                        Op.call("fsopen", text(type), flags("FSOPEN_CLOEXEC")))
                .naming(context)
                .hint(Errno.ENODEV, "this kernel has no " + type)
                .hint(
                        Errno.EPERM,
                        "it lacks CAP_SYS_ADMIN over its mount namespace, or a system call filter is in the way"));
        for (String option : options) {
            String key = option.substring(0, option.indexOf('='));
            String value = option.substring(key.length() + 1);
            steps.add(Step.of(
                    "set the " + key + " of /" + target + " to " + value,
                    Op.call(
                            "fsconfig",
                            result(context),
                            flags("FSCONFIG_SET_STRING"),
                            text(key),
                            text(value),
                            number(0))));
        }
        steps.add(Step.of(
                        "create the " + type + " for /" + target,
                        Op.call("fsconfig", result(context), flags("FSCONFIG_CMD_CREATE"), NULL, NULL, number(0)))
                .hint(Errno.EPERM, tooRevealing(type)));
        steps.add(Step.of(
                        "make a mount of it for /" + target,
                        Op.call("fsmount", result(context), flags("FSMOUNT_CLOEXEC"), flags(attributes)))
                .naming(target + " mount")
                .hint(Errno.EPERM, tooRevealing(type)));
        steps.add(attach(type, target));
        return List.copyOf(steps);
    }

    /** Puts the mount named "{target} mount" on the target. */
    static Step attach(String type, String target) {
        String notDirectory = "in the image /" + target
                + " is not a directory, and a symbolic link there is not followed; make it a directory in a layer";
        return Step.of(
                        "mount " + type + " on /" + target,
                        Op.call(
                                "move_mount",
                                result(target + " mount"),
                                text(""),
                                CWD,
                                text(target),
                                flags("MOVE_MOUNT_F_EMPTY_PATH")))
                .hint(Errno.EINVAL, notDirectory)
                .hint(Errno.ENOTDIR, notDirectory)
                .hint(Errno.ELOOP, notDirectory);
    }

    private static String tooRevealing(String type) {
        return "in a user namespace the kernel lets " + type
                + " be mounted only where the host's own is completely visible; inside another container parts of it are covered:"
                + " leave out user, or let that container see all of /" + (type.equals("sysfs") ? "sys" : type);
    }
}
