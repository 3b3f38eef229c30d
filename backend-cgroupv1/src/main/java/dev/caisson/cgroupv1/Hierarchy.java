package dev.caisson.cgroupv1;

import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.api.Mount;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * A hierarchy of cgroup version 1 and where it is mounted.
 *
 * @param controllers the controllers that are attached to it, in the kernel's order: usually one, sometimes two
 * @param mount where it is mounted
 */
record Hierarchy(List<String> controllers, String mount) {

    Hierarchy {
        controllers = List.copyOf(controllers);
    }

    /** The hierarchies of a host which can be reached, each once. */
    static List<Hierarchy> of(Host host) {
        String membership = host.read("/proc/self/cgroup")
                .orElseThrow(() -> new HostException("cannot read /proc/self/cgroup; mount proc on /proc"));
        List<Mount> reachable = host.mounts().stream()
                .filter(mount -> Files.exists(host.path(mount.point() + "/tasks")))
                .toList();
        return parse(membership, reachable);
    }

    /** Joins the text of {@code /proc/self/cgroup}, which tells attached controllers from mount options, with the mount table. */
    static List<Hierarchy> parse(String membership, List<Mount> mounts) {
        return membership
                .lines()
                .map(line -> line.split(":", 3)[1]) // 4:cpu,cpuacct:/path; version 2 has nothing there
                .filter(controllers -> !controllers.isEmpty() && !controllers.startsWith("name="))
                .map(controllers -> List.of(controllers.split(",", -1)))
                .flatMap(controllers -> mountOf(controllers, mounts).stream())
                .toList();
    }

    /** A hierarchy may be mounted several times, in some container's tree for example; the first is the host's own. */
    private static Optional<Hierarchy> mountOf(List<String> controllers, List<Mount> mounts) {
        return mounts.stream()
                .filter(mount ->
                        mount.type().equals("cgroup") && mount.options().containsAll(controllers))
                .findFirst()
                .map(mount -> new Hierarchy(controllers, mount.point()));
    }

    /** Those of its controllers that this backend knows. */
    List<Controller> known() {
        return Controller.ALL.stream()
                .filter(controller -> controllers.contains(controller.name()))
                .toList();
    }

    /** Its name as a directory: the controllers joined by a comma, as is the custom. */
    String name() {
        return String.join(",", controllers);
    }
}
