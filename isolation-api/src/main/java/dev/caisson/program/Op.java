package dev.caisson.program;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a step does: a system call, or one of the few things that take more than one.
 *
 * <p>The set is closed and small on purpose. Backends use {@link SystemCall} for nearly everything, and the operations on files for
 * the kernel's text interfaces ({@code /proc}, {@code /sys}); {@link Clone}, {@link OpenGate}, {@link AwaitGate}, {@link
 * Supervise}, {@link ForkInit}, {@link Exec} and {@link DropRecord} are the engine's and make the skeleton of a launch.
 */
public sealed interface Op {

    /** A plain system call: its name as in syscalls(2), and at most six arguments. */
    record SystemCall(String name, List<Argument> arguments) implements Op {
        public SystemCall {
            arguments = List.copyOf(arguments);
            if (arguments.size() > 6) {
                throw new IllegalArgumentException(
                        name + ": a system call has at most six arguments, not " + arguments.size());
            }
            Architecture.requireKnown(name);
        }
    }

    /** Opens an existing file, writes the content with one write(2), closes it. The error may be of any of the three. */
    record WriteFile(Argument path, String content) implements Op {}

    /**
     * Reads a file back and compares its content, without the trailing newline; EBADMSG if it differs. What is asked for and silently
     * rounded or ignored by the kernel is not enforced.
     */
    record ExpectFile(String path, String content) implements Op {}

    /** Reads at most {@value #COLLECT_LIMIT} bytes of a file into the outcome of the run, under a key. */
    record CollectFile(String key, String path) implements Op {}

    /** How much of one collected file the outcome keeps, in bytes. */
    int COLLECT_LIMIT = 1000;

    /**
     * Sends SIGKILL to every process whose pid is listed in a file, once; EAGAIN if it listed any. So with a retry on EAGAIN it goes on until
     * the file is empty, and for frozen processes, which die only when thawed, EAGAIN is tolerated. For a container without a pid
     * namespace.
     */
    record KillListed(String path) implements Op {}

    /** Starts the child with clone3(2) in new namespaces, and into a cgroup (a descriptor of a version 2 directory) if one is given. */
    record Clone(Set<Namespace> namespaces, Optional<Argument.Result> cgroup) implements Op {

        /** The result that holds the child's pid, for the monitor's later steps. */
        public static final String PID = "child pid";

        /** The result that holds the child's pidfd, for the monitor's later steps. */
        public static final String PIDFD = "child pidfd";

        public Clone {
            namespaces = Set.copyOf(namespaces);
        }
    }

    /**
     * Stops sharing descriptors with the child, which it does while the child waits at the gate, and lets it pass: whatever either closes from
     * then on, the other keeps.
     */
    record OpenGate() implements Op {}

    /**
     * Waits until the monitor has opened the gate, and fails with ESRCH if the monitor has died. Where the gate is open already it is only
     * that check: after PR_SET_PDEATHSIG, which does not fire for a death before it.
     */
    record AwaitGate() implements Op {}

    /**
     * The monitor's life while the container runs: waits for the child, forwards signals, enforces deadlines, and ends the container when
     * whoever started it is gone.
     *
     * @param wall how long the container may run; zero for no limit
     * @param cpu how much processor time all its processes together may use; zero for no limit
     * @param cpuClock a file whose first number is the processor time used so far
     * @param cpuClockUnit what one unit in that file is, in nanoseconds
     * @param grace how long the container may take to end after a request, before it is killed
     * @param processors how many processors can burn processor time at once
     */
    record Supervise(
            Duration wall, Duration cpu, @Nullable String cpuClock, long cpuClockUnit, Duration grace, int processors)
            implements Op {}

    /**
     * Forks the command off; the process itself stays as pid 1, which reaps orphans, passes signals on and ends as the command does. It
     * locks itself into a seccomp filter that leaves it only those calls.
     */
    record ForkInit() implements Op {}

    /**
     * Becomes the command: tries the candidates in order, as execvp(3) does, and fails with EACCES if one was found but could not be
     * executed, else with the error of the last.
     *
     * @param candidates absolute paths, or the one path given
     * @param arguments the argument vector, its first element included
     * @param environment name to value
     */
    record Exec(List<String> candidates, List<String> arguments, Map<String, String> environment) implements Op {
        public Exec {
            candidates = List.copyOf(candidates);
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }
    }

    /** Removes the record of the run, if every teardown step before it succeeded; else recovery will need it. */
    record DropRecord(String path) implements Op {}

    /**
     * Fails with an error: what a test plants in the place of another operation.
     *
     * @param planned the operation, since what it would have done shapes the program around it: a gate that fails to open is closed
     */
    record Fault(Op planned, Errno errno) implements Op {}

    /** A system call. */
    static Op call(String name, Argument... arguments) {
        return new SystemCall(name, List.of(arguments));
    }
}
