package dev.caisson.namespaces;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Hides what the container should not see of /proc and /sys, and write-protects what it should not change: the lists of Docker and Podman.
 *
 * <p>A file is hidden by the container's own /dev/null, a directory by an empty one that is removed as soon as it is mounted everywhere,
 * so that nothing can be made in it. An empty tmpfs for each, as others do it, costs a file system each. A path that this kernel does not
 * have is tried all the same: steps should not depend on the machine that wrote them down.
 */
final class Masking {

    /** What Docker hides; a slash at the end says that it is a directory. */
    private static final List<String> HIDDEN = List.of(
            "/proc/acpi/",
            "/proc/asound/",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi/",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap/",
            "/sys/firmware/");

    private static final List<String> PROTECTED =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final String EMPTY = "dev/.empty";

    private Masking() {}

    static List<Step> steps(NamespacesSettings settings, Host host) {
        List<String> unmask = settings.unmask().stream().map(Masking::name).toList();
        List<String> hidden = new ArrayList<>();
        List<String> protectedPaths = new ArrayList<>();
        if (!unmask.contains("all")) {
            hidden.addAll(HIDDEN);
            hidden.addAll(thermalCounters(host));
            protectedPaths.addAll(PROTECTED);
        }
        hidden.removeIf(path -> unmask.contains(name(path)));
        protectedPaths.removeIf(unmask::contains);
        hidden.addAll(settings.mask());
        protectedPaths.addAll(settings.readonly());

        List<Step> steps = new ArrayList<>();
        if (!hidden.isEmpty()) {
            steps.add(Step.of("make an empty directory", Op.call("mkdirat", CWD, text(EMPTY), mode(0555))));
            hidden.forEach(path -> steps.add(hide(path)));
            steps.add(Step.of(
                    "remove the empty directory, so that it stays empty",
                    Op.call("unlinkat", CWD, text(EMPTY), flags("AT_REMOVEDIR"))));
        }
        protectedPaths.forEach(path -> steps.addAll(protect(name(path))));
        return List.copyOf(steps);
    }

    /** Refuses a path whose components an image could have made: steps reach it with mount(2), which follows symbolic links. */
    static void check(String setting, String path) {
        boolean kernels = path.startsWith("/proc/") || path.startsWith("/sys/");
        if (!kernels || path.contains("/../") || path.contains("//") || path.endsWith("/..")) {
            throw new IllegalArgumentException(setting + " names " + path
                    + ", which is not below /proc or /sys; only what the kernel shows there can be hidden"
                    + " or protected");
        }
    }

    /** Refuses to unmask what is not masked: it would be a typing mistake. */
    static void checkUnmask(String path) {
        boolean known = path.equals("all")
                || HIDDEN.stream().anyMatch(hidden -> name(hidden).equals(name(path)))
                || PROTECTED.contains(name(path));
        if (!known) {
            throw new IllegalArgumentException("unmask names " + path
                    + ", which is neither hidden nor protected; write all, or one of "
                    + String.join(", ", HIDDEN.stream().map(Masking::name).toList()) + ", "
                    + String.join(", ", PROTECTED));
        }
    }

    /**
     * Docker hides the counters of each processor's overheating, which tell what others compute; there are no wildcards in mount(2). The
     * first processor tells whether there are any.
     */
    private static List<String> thermalCounters(Host host) {
        Path processors = host.path("/sys/devices/system/cpu");
        if (!Files.isDirectory(processors.resolve("cpu0/thermal_throttle"))) {
            return List.of();
        }
        List<String> paths = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(processors, "cpu[0-9]*")) {
            found.forEach(processor ->
                    paths.add("/sys/devices/system/cpu/" + processor.getFileName() + "/thermal_throttle/"));
        } catch (IOException e) {
            throw new HostException("cannot list " + processors + ": " + e.getMessage(), e);
        }
        paths.sort(null);
        return paths;
    }

    /** The likelier kind first: binding a file on a directory fails only after work for 80 µs. */
    private static Step hide(String path) {
        Step file = bind("dev/null", name(path));
        Step directory = bind(EMPTY, name(path));
        return path.endsWith("/")
                ? directory.orElse(file.tolerating(Errno.ENOENT))
                : file.orElse(directory.tolerating(Errno.ENOENT));
    }

    private static Step bind(String source, String path) {
        return Step.of(
                "hide " + path, Op.call("mount", text(source), text(path.substring(1)), NULL, flags("MS_BIND"), NULL));
    }

    /** Two calls: a new bind mount takes no other flags, and open_tree(2) with mount_setattr(2) would be three. */
    private static List<Step> protect(String path) {
        String relative = path.substring(1);
        return List.of(
                Step.of(
                                "make " + path + " a mount of its own",
                                Op.call(
                                        "mount",
                                        text(relative),
                                        text(relative),
                                        NULL,
                                        flags("MS_BIND", "MS_REC"),
                                        NULL))
                        .tolerating(Errno.ENOENT),
                Step.of(
                                "make " + path + " read-only",
                                Op.call(
                                        "mount",
                                        NULL,
                                        text(relative),
                                        NULL,
                                        flags(
                                                "MS_BIND",
                                                "MS_REMOUNT",
                                                "MS_RDONLY",
                                                "MS_NOSUID",
                                                "MS_NODEV",
                                                "MS_NOEXEC"),
                                        NULL))
                        .tolerating(Errno.ENOENT));
    }

    private static String name(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
