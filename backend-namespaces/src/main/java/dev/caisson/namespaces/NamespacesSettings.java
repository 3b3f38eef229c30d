package dev.caisson.namespaces;

import dev.caisson.api.Size;
import dev.caisson.program.Namespace;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a profile may say to the isolator {@code namespaces}. Every part has a default.
 *
 * @param mount whether the container has a mount table of its own, and with it /proc, /sys and /dev; on by default, as are those that
 *     follow up to {@code cgroup}
 * @param pid whether it has process ids of its own
 * @param uts whether it has a host name of its own
 * @param ipc whether it has System V IPC and message queues of its own
 * @param network whether it has a network of its own, in which there is only a loopback interface
 * @param cgroup whether it sees its own cgroup as the root
 * @param user whether its ids are others on the host; off by default
 * @param time whether its clocks have offsets; off by default
 * @param uids the map of user ids; by default 65536 ids from 100000
 * @param gids the map of group ids; by default the same as {@code uids}
 * @param clocks the offsets of a time namespace
 * @param mask paths below /proc and /sys to hide, beside those that Docker hides; a slash at the end says that it is a directory, which
 *     saves a call, and the other kind is tried in any case
 * @param readonly paths below /proc and /sys to write-protect, beside those that Docker protects
 * @param unmask paths that Docker hides or protects, to be left as they are; {@code all} for all of them
 * @param shm the size of /dev/shm; by default 64 MiB
 */
public record NamespacesSettings(
        @Nullable Boolean mount,
        @Nullable Boolean pid,
        @Nullable Boolean uts,
        @Nullable Boolean ipc,
        @Nullable Boolean network,
        @Nullable Boolean cgroup,
        @Nullable Boolean user,
        @Nullable Boolean time,
        List<IdRange> uids,
        List<IdRange> gids,
        @Nullable ClockOffsets clocks,
        List<String> mask,
        List<String> readonly,
        List<String> unmask,
        @Nullable Size shm) {

    private static final Size DOCKER_SHM = new Size(64L << 20);

    /** Checks that nothing is said of a namespace that is off: it would not happen. */
    public NamespacesSettings {
        uids = List.copyOf(uids);
        gids = List.copyOf(gids);
        mask = List.copyOf(mask);
        readonly = List.copyOf(readonly);
        unmask = List.copyOf(unmask);
        Set<Namespace> on = on(mount, pid, uts, ipc, network, cgroup, user, time);
        if (on.isEmpty()) {
            throw new IllegalArgumentException("every namespace is off; leave out the isolator, or turn one on");
        }
        if (!on.contains(Namespace.USER) && !(uids.isEmpty() && gids.isEmpty())) {
            throw new IllegalArgumentException(
                    "uids and gids are the maps of a user namespace, which is off; write user: true as well");
        }
        if (!on.contains(Namespace.TIME) && clocks != null) {
            throw new IllegalArgumentException(
                    "clocks are the offsets of a time namespace, which is off; write time: true as well");
        }
        if (!on.contains(Namespace.MOUNT)
                && !(mask.isEmpty() && readonly.isEmpty() && unmask.isEmpty() && shm == null)) {
            throw new IllegalArgumentException(
                    "mask, readonly, unmask and shm need a mount namespace; leave out mount: false");
        }
        uids = uids.isEmpty() ? IdRange.DEFAULT : uids;
        gids = gids.isEmpty() ? uids : gids;
        IdRange.check("uids", uids);
        IdRange.check("gids", gids);
        mask.forEach(path -> Masking.check("mask", path));
        readonly.forEach(path -> Masking.check("readonly", path));
        unmask.forEach(Masking::checkUnmask);
    }

    /** The namespaces that are on. */
    Set<Namespace> on() {
        return on(mount, pid, uts, ipc, network, cgroup, user, time);
    }

    /** Whether a namespace is on. */
    boolean has(Namespace namespace) {
        return on().contains(namespace);
    }

    /** The size of /dev/shm. */
    Size shmOrDefault() {
        return shm == null ? DOCKER_SHM : shm;
    }

    private static Set<Namespace> on(
            @Nullable Boolean mount,
            @Nullable Boolean pid,
            @Nullable Boolean uts,
            @Nullable Boolean ipc,
            @Nullable Boolean network,
            @Nullable Boolean cgroup,
            @Nullable Boolean user,
            @Nullable Boolean time) {
        Set<Namespace> on = EnumSet.noneOf(Namespace.class);
        addUnlessOff(on, Namespace.MOUNT, mount);
        addUnlessOff(on, Namespace.PID, pid);
        addUnlessOff(on, Namespace.UTS, uts);
        addUnlessOff(on, Namespace.IPC, ipc);
        addUnlessOff(on, Namespace.NETWORK, network);
        addUnlessOff(on, Namespace.CGROUP, cgroup);
        if (Boolean.TRUE.equals(user)) {
            on.add(Namespace.USER);
        }
        if (Boolean.TRUE.equals(time)) {
            on.add(Namespace.TIME);
        }
        return Collections.unmodifiableSet(on);
    }

    private static void addUnlessOff(Set<Namespace> on, Namespace namespace, @Nullable Boolean setting) {
        if (!Boolean.FALSE.equals(setting)) {
            on.add(namespace);
        }
    }
}
