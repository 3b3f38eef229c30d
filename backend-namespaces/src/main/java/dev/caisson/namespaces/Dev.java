package dev.caisson.namespaces;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;
import static dev.caisson.program.Argument.word;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import dev.caisson.api.ProcessSpec;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Mounts /dev: a small tmpfs with six devices, the links that shells use, and file systems for terminals, shared memory and message
 * queues.
 *
 * <p>No device cgroup is needed, which exists differently in both versions: a device node that the container makes itself never works.
 * Either it can never have CAP_MKNOD, or every file system that it can write to is mounted {@code nodev}, this one included.
 */
final class Dev {

    private static final List<Device> DEVICES = List.of(
            new Device("null", 1, 3),
            new Device("zero", 1, 5),
            new Device("full", 1, 7),
            new Device("random", 1, 8),
            new Device("urandom", 1, 9),
            new Device("tty", 5, 0));

    /** The group of terminals, by convention of distributions. */
    private static final int TTY_GROUP = 5;

    private record Device(String name, int major, int minor) {}

    private Dev() {}

    static List<Step> steps(NamespacesSettings settings, ProcessSpec process) {
        boolean bind = settings.has(Namespace.USER) || canMakeNodes(process);
        List<Step> steps = new ArrayList<>();
        steps.add(NewMount.directory("dev", 0755));
        steps.addAll(NewMount.steps("tmpfs", "dev", List.of("mode=755", "size=64m"), attributes(bind)));
        for (Device device : DEVICES) {
            steps.addAll(bind ? bind(device) : make(device));
        }
        steps.add(link("fd", "/proc/self/fd"));
        steps.add(link("stdin", "/proc/self/fd/0"));
        steps.add(link("stdout", "/proc/self/fd/1"));
        steps.add(link("stderr", "/proc/self/fd/2"));
        steps.add(link("ptmx", "pts/ptmx"));
        steps.addAll(terminals(settings));
        steps.addAll(below(
                "shm",
                01777,
                "tmpfs",
                "mode=1777,size=" + settings.shmOrDefault().bytes()));
        if (settings.has(Namespace.IPC)) {
            steps.addAll(below("mqueue", 01777, "mqueue", ""));
        }
        return List.copyOf(steps);
    }

    /**
     * Whether the command could come to hold CAP_MKNOD: it starts with it, or gains it from its bounding set by a program that is
     * set-user-id root or has file capabilities. A user namespace is no way to it: mknod(2) asks for the host's capability.
     *
     * <p>A user other than root starts with the ambient ones only. That matters: what it was permitted before its first execve, file
     * capabilities of a hostile image would keep for it, even with no_new_privs.
     */
    static boolean canMakeNodes(ProcessSpec process) {
        CapabilitySets capabilities = process.capabilities();
        Set<Capability> start = process.user() == 0 ? capabilities.permitted() : capabilities.ambient();
        return start.contains(Capability.MKNOD)
                || (capabilities.bounding().contains(Capability.MKNOD) && !process.noNewPrivileges());
    }

    private static String[] attributes(boolean bind) {
        return bind
                ? new String[] {"MOUNT_ATTR_NOSUID", "MOUNT_ATTR_NODEV", "MOUNT_ATTR_NOEXEC"}
                : new String[] {"MOUNT_ATTR_NOSUID", "MOUNT_ATTR_NOEXEC"};
    }

    /** A node of the container's own: 35 µs cheaper for the six than binding. */
    private static List<Step> make(Device device) {
        return List.of(Step.of(
                "make /dev/" + device.name,
                Op.call(
                        "mknodat",
                        CWD,
                        text("dev/" + device.name),
                        word(0x2000 | 0666, "S_IFCHR|0666"),
                        word(
                                (device.major << 8) | device.minor,
                                "makedev(" + device.major + ", " + device.minor + ")"))));
    }

    /** The host's node on an empty file: it works where nodes of the tmpfs itself do not, and where making one is forbidden. */
    private static List<Step> bind(Device device) {
        String path = "dev/" + device.name;
        return List.of(
                Step.of(
                        "make a file for /" + path,
                        Op.call("mknodat", CWD, text(path), word(0x8000 | 0444, "S_IFREG|0444"), number(0))),
                Step.of(
                                "bind the host's /" + path,
                                Op.call("mount", text("/" + path), text(path), NULL, flags("MS_BIND"), NULL))
                        .hint(Errno.ENOENT, "this host has no /" + path));
    }

    private static Step link(String name, String target) {
        return Step.of(
                "link /dev/" + name + " to " + target, Op.call("symlinkat", text(target), CWD, text("dev/" + name)));
    }

    /** Terminals of the container's own. Those of a one-id map have no group for terminals. */
    private static List<Step> terminals(NamespacesSettings settings) {
        boolean group = !settings.has(Namespace.USER) || IdRange.maps(settings.gids(), TTY_GROUP);
        String data = "newinstance,ptmxmode=0666,mode=0620" + (group ? ",gid=" + TTY_GROUP : "");
        return List.of(makeDirectory("pts", 0755), mount("pts", "devpts", data, flags("MS_NOSUID", "MS_NOEXEC")));
    }

    private static List<Step> below(String name, int permissions, String type, String data) {
        return List.of(
                makeDirectory(name, permissions), mount(name, type, data, flags("MS_NOSUID", "MS_NODEV", "MS_NOEXEC")));
    }

    private static Step makeDirectory(String name, int permissions) {
        return Step.of(
                "make the directory /dev/" + name, Op.call("mkdirat", CWD, text("dev/" + name), mode(permissions)));
    }

    /** With mount(2): /dev is ours by now, nothing in it is the image's. */
    private static Step mount(String name, String type, String data, Argument flags) {
        return Step.of(
                        "mount " + type + " on /dev/" + name,
                        Op.call(
                                "mount",
                                text(type),
                                text("dev/" + name),
                                text(type),
                                flags,
                                data.isEmpty() ? NULL : text(data)))
                .hint(Errno.ENODEV, "this kernel has no " + type);
    }
}
