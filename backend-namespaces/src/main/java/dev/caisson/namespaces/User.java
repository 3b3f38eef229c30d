package dev.caisson.namespaces;

import static dev.caisson.program.Argument.formatted;
import static dev.caisson.program.Argument.number;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Fills the maps of a user namespace, as in user_namespaces(7), and becomes root in it.
 *
 * <p>The monitor writes them, which has the capabilities for any ids, so that setgroups(2) stays allowed inside. The child has no id
 * before, and waits.
 */
final class User {

    private User() {}

    /** The monitor's part, while the child waits. */
    static List<Step> maps(NamespacesSettings settings) {
        return List.of(map("gid_map", settings.gids()), map("uid_map", settings.uids()));
    }

    /** The child's part. Its groups are still the monitor's; the engine sets them with the other credentials. */
    static List<Step> becomeRoot() {
        return List.of(
                Step.of("become group 0 inside", Op.call("setresgid", number(0), number(0), number(0))),
                Step.of("become user 0 inside", Op.call("setresuid", number(0), number(0), number(0)))
                        .hint(
                                Errno.EPERM,
                                "a security module lets no user namespace gain privileges; on Ubuntu see the sysctl"
                                        + " kernel.apparmor_restrict_unprivileged_userns")
                        .hint(Errno.EAGAIN, "the limit on processes of the mapped user is reached; see RLIMIT_NPROC"));
    }

    private static Step map(String file, List<IdRange> ranges) {
        String lines = ranges.stream().map(range -> range + "\n").collect(Collectors.joining());
        return Step.of(
                        "write the child's " + file + ": "
                                + ranges.stream().map(IdRange::toString).collect(Collectors.joining(", ")),
                        new Op.WriteFile(formatted("/proc/", Op.Clone.PID, "/" + file), lines))
                .hint(
                        Errno.EPERM,
                        "writing maps of ids that are not the caller's needs CAP_SETUID and CAP_SETGID on the host");
    }
}
