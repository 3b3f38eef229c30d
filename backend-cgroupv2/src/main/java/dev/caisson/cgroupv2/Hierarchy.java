package dev.caisson.cgroupv2;

import dev.caisson.api.Host;
import dev.caisson.api.Mount;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The hierarchy of cgroup version 2, from the group on in which containers' groups are made.
 *
 * @param parent the directory of that group
 * @param available the controllers that can be enabled for groups below it
 * @param enabled those that are
 * @param canEnable whether more can be: it is the root, or has no processes of its own
 */
record Hierarchy(String parent, Set<String> available, Set<String> enabled, boolean canEnable) {

    Hierarchy {
        available = Set.copyOf(available);
        enabled = Set.copyOf(enabled);
    }

    /** Looks at the host; empty if version 2 is not mounted or has no such parent. */
    static Optional<Hierarchy> of(Host host, Options options) {
        return mount(host)
                .map(mount -> mount + options.suffix())
                .flatMap(parent -> host.read(parent + "/cgroup.controllers")
                        .map(available -> new Hierarchy(
                                parent,
                                words(available),
                                words(host.read(parent + "/cgroup.subtree_control")
                                        .orElse("")),
                                isRoot(host, parent) || isEmpty(host, parent))));
    }

    /** The root of the whole hierarchy, not of a cgroup namespace, is the one group without a type. */
    private static boolean isRoot(Host host, String group) {
        return !Files.exists(host.path(group + "/cgroup.type"));
    }

    private static boolean isEmpty(Host host, String group) {
        return host.read(group + "/cgroup.procs").orElse("").isEmpty();
    }

    /** Where it is mounted: in a customary place, which saves reading a long mount table at every start; else wherever it is. */
    static Optional<String> mount(Host host) {
        return reachable(host, Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified"))
                .or(() -> reachable(host, points(host.mounts())));
    }

    /** Every place where version 2 is mounted, the host's own before those in some container's tree. */
    static Stream<String> points(List<Mount> mounts) {
        return mounts.stream().filter(mount -> mount.type().equals("cgroup2")).map(Mount::point);
    }

    private static Optional<String> reachable(Host host, Stream<String> points) {
        return points.filter(point -> Files.exists(host.path(point + "/cgroup.controllers")))
                .findFirst();
    }

    /** The group of this process as the text of {@code /proc/self/cgroup} names it, such as {@code /user.slice}. */
    static Optional<String> own(String membership) {
        return membership
                .lines()
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring("0::".length()))
                .findFirst();
    }

    /** Whether groups below it can have the controller, now or once it is enabled. */
    boolean allows(String controller) {
        return enabled.contains(controller) || (available.contains(controller) && canEnable);
    }

    /** What is in the way when no more controllers can be enabled. */
    String occupied() {
        return parent + " has processes of its own, so no controller can be enabled for groups below it";
    }

    private static Set<String> words(String text) {
        List<String> words = Arrays.asList(text.split(" ", -1));
        Set<String> set = new TreeSet<>(words);
        set.remove("");
        return set;
    }
}
