package dev.caisson.layers;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.formatted;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.Site;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The steps with which providers bring directories of the host into a container's mount namespace: open_tree(2), mount_setattr(2),
 * move_mount(2).
 *
 * <p>The child works in its current directory and on descriptors, never with the host's paths: as root of a user namespace it is nobody
 * to the host's files, and could not even enter the state directory. The monitor therefore goes to the mount point before the child
 * exists, which then is there too, in a mount namespace of its own.
 */
public final class RootMount {

    /** The size of struct mount_attr. */
    private static final int ATTRIBUTES_SIZE = 32;

    private static final String USER_NAMESPACE = "user namespace of the root";

    private RootMount() {}

    /** In the setup: goes to the empty directory on which the child will mount. */
    public static Step goToMountPoint(Site site) {
        return Step.of(
                        "go to " + site.mountPoint() + ", where the child will mount its root",
                        Op.call("chdir", text(site.mountPoint().toString())))
                .hint(Errno.ENOENT, "the state directory is incomplete; delete it, it is made anew");
    }

    /** After the clone and after the maps are written: opens the child's user namespace, which {@link #openMapped} needs. */
    public static Step openUserNamespace() {
        return Step.of(
                        "open the user namespace of the child",
                        Op.call(
                                "openat",
                                CWD,
                                formatted("/proc/", Op.Clone.PID, "/ns/user"),
                                flags("O_RDONLY", "O_CLOEXEC")))
                .naming(USER_NAMESPACE);
    }

    /**
     * Makes a mount of a directory that is attached nowhere yet, and private: a mount below it must not propagate to the host.
     *
     * @param name what the directory is, for people and for {@link #attach}
     * @param attributes further mount attributes
     */
    public static List<Step> open(String name, Path source, String... attributes) {
        return List.of(openTree(name, source), setAttributes(name, flags(attributes), number(0)));
    }

    /**
     * The same for a container with a user namespace: files keep their owners as seen from inside. For the monitor, as it takes
     * privilege over the file system.
     */
    public static List<Step> openMapped(String name, Path source, String... attributes) {
        String[] all = Arrays.copyOf(attributes, attributes.length + 1);
        all[attributes.length] = "MOUNT_ATTR_IDMAP";
        return List.of(
                openTree(name, source),
                setAttributes(name, flags(all), result(USER_NAMESPACE))
                        .hint(
                                Errno.EINVAL,
                                "the file system of " + source
                                        + " cannot map ids, or the kernel is older than 5.12 (5.19 for"
                                        + " overlay); put it on ext4, xfs or btrfs, or leave out the user namespace")
                        .hint(Errno.EPERM, "mapping ids needs root on the host, not only in a container"));
    }

    /** In the child: attaches an opened mount to a fresh directory of its own in the current one. */
    public static Step attach(String name, String directory) {
        return Step.of(
                "mount " + name + " on " + directory,
                Op.call("move_mount", result(name), text(""), CWD, text(directory), flags("MOVE_MOUNT_F_EMPTY_PATH")));
    }

    /**
     * In the child: attaches an opened mount to the current directory, and goes into it. The path is empty, as even "." would take the
     * right to search the directory.
     */
    public static List<Step> attachHere(String name) {
        return List.of(
                Step.of(
                        "mount " + name + " on the mount point",
                        Op.call(
                                "move_mount",
                                result(name),
                                text(""),
                                CWD,
                                text(""),
                                flags("MOVE_MOUNT_F_EMPTY_PATH", "MOVE_MOUNT_T_EMPTY_PATH"))),
                Step.of("go into " + name, Op.call("fchdir", result(name))));
    }

    /** In the child, at the new root: makes that one mount read-only. */
    public static Step seal() {
        return Step.of(
                "make the root read-only",
                Op.call(
                        "mount_setattr",
                        CWD,
                        text("."),
                        number(0),
                        attributes(flags("MOUNT_ATTR_RDONLY"), number(0), number(0)),
                        number(ATTRIBUTES_SIZE)));
    }

    private static Step openTree(String name, Path source) {
        return Step.of(
                        "open " + name + ", " + source,
                        Op.call(
                                "open_tree",
                                CWD,
                                text(source.toString()),
                                flags("OPEN_TREE_CLONE", "OPEN_TREE_CLOEXEC")))
                .naming(name)
                .hint(Errno.ENOENT, source + " is gone; did something delete it?")
                .hint(Errno.EPERM, "it lacks CAP_SYS_ADMIN, or a system call filter is in the way");
    }

    private static Step setAttributes(String name, Argument attributes, Argument userNamespace) {
        return Step.of(
                "take " + name + " off the host's mounts"
                        + (userNamespace instanceof Argument.Result ? ", with mapped ids" : ""),
                Op.call(
                        "mount_setattr",
                        result(name),
                        text(""),
                        flags("AT_EMPTY_PATH"),
                        attributes(attributes, flags("MS_PRIVATE"), userNamespace),
                        number(ATTRIBUTES_SIZE)));
    }

    /** Struct mount_attr: what to set, what to clear, the propagation, and the user namespace whose map to use. */
    private static Argument attributes(Argument set, Argument propagation, Argument userNamespace) {
        return Argument.block(set, number(0), propagation, userNamespace);
    }
}
