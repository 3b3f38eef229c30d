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

    /** The hierarchies of a host which can be reached and have a controller that this backend knows. */
    static List<Hierarchy> of(Host host) {
        String membership = host.read("/proc/self/cgroup")
                .orElseThrow(() -> new HostException("cannot read /proc/self/cgroup; mount proc on /proc"));
        return attached(membership).stream()
                .map(controllers -> new Hierarchy(controllers, ""))
                .filter(hierarchy -> !hierarchy.known().isEmpty())
                .flatMap(hierarchy -> hierarchy.mounted(host).stream())
                .toList();
    }

    /** Which controllers go together, in the text of {@code /proc/self/cgroup}: {@code 4:cpu,cpuacct:/path}. */
    static List<List<String>> attached(String membership) {
        return membership
                .lines()
                .map(line -> line.split(":", 3)[1])
                .filter(controllers -> !controllers.isEmpty() && !controllers.startsWith("name="))
                .map(controllers -> List.of(controllers.split(",", -1)))
                .toList();
    }

    /** In the customary place, which saves reading a mount table of thousands of lines at every start; else wherever it is. */
    private Optional<Hierarchy> mounted(Host host) {
        String custom = "/sys/fs/cgroup/" + name();
        Optional<String> place =
                isReachable(host, custom) ? Optional.of(custom) : mountPoint(controllers, reachable(host));
        return place.map(mount -> new Hierarchy(controllers, mount));
    }

    private static List<Mount> reachable(Host host) {
        return host.mounts().stream()
                .filter(mount -> isReachable(host, mount.point()))
                .toList();
    }

    private static boolean isReachable(Host host, String point) {
        return Files.exists(host.path(point + "/tasks"));
    }

    /** A hierarchy may be mounted several times, in some container's tree for example; the first is the host's own. */
    static Optional<String> mountPoint(List<String> controllers, List<Mount> mounts) {
        return mounts.stream()
                .filter(mount ->
                        mount.type().equals("cgroup") && mount.options().containsAll(controllers))
                .map(Mount::point)
                .findFirst();
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
