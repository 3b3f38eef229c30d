package dev.caisson.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command and what it is given.
 *
 * @param command the program and its arguments; the program is searched for in the environment's PATH unless it has a slash
 * @param user its user id, inside
 * @param group its group id, inside
 * @param groups its supplementary group ids, inside
 * @param environment its whole environment
 * @param workingDirectory its working directory, absolute, inside
 * @param umask its file mode creation mask
 * @param init whether a reaper is pid 1, rather than the command itself; without a pid namespace it means nothing
 * @param tty whether it gets a terminal of its own
 * @param noNewPrivileges whether executing a set-id program gains nothing
 * @param capabilities its capability sets
 * @param rlimits resource limits by the name of getrlimit(2) in lower case without the prefix, such as {@code nofile}
 * @param oomScoreAdj how likely the kernel picks it when memory is short: -1000 to 1000; null leaves the caller's
 * @param stdin its standard input; null for what whoever starts it prefers
 * @param stdout its standard output, likewise
 * @param stderr its standard error, likewise
 */
public record ProcessSpec(
        List<String> command,
        int user,
        int group,
        List<Integer> groups,
        Map<String, String> environment,
        String workingDirectory,
        int umask,
        boolean init,
        boolean tty,
        boolean noNewPrivileges,
        CapabilitySets capabilities,
        Map<String, Rlimit> rlimits,
        @Nullable Integer oomScoreAdj,
        @Nullable Stdio stdin,
        @Nullable Stdio stdout,
        @Nullable Stdio stderr) {

    /** Keeps the order of the maps, unlike {@link Map#copyOf}: one profile gives one program. */
    public ProcessSpec {
        command = List.copyOf(command);
        groups = List.copyOf(groups);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        rlimits = Collections.unmodifiableMap(new LinkedHashMap<>(rlimits));
    }

    /** A resource limit; -1 is unlimited. */
    public record Rlimit(long soft, long hard) {}

    /** The same process with another command. */
    public ProcessSpec withCommand(List<String> other) {
        return new ProcessSpec(
                other,
                user,
                group,
                groups,
                environment,
                workingDirectory,
                umask,
                init,
                tty,
                noNewPrivileges,
                capabilities,
                rlimits,
                oomScoreAdj,
                stdin,
                stdout,
                stderr);
    }
}
