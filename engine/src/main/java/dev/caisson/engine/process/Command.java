package dev.caisson.engine.process;

import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.api.ProcessSpec;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.Arrays;
import java.util.List;

/** Becomes the command, from pid 1 or as pid 1. */
public final class Command {

    private Command() {}

    /**
     * The steps that end in the command.
     *
     * @param init whether a reaper stays as pid 1
     */
    public static Contribution contribute(ProcessSpec process, boolean init) {
        Contribution.Builder steps = Contribution.builder();
        if (init) {
            steps.child(
                    Phase.INIT,
                    Step.of(
                            "fork the command off and stay as pid 1, to reap orphans and pass signals on",
                            new Op.ForkInit()));
        }
        String program = process.command().get(0);
        String path = process.environment().getOrDefault("PATH", "");
        steps.child(
                Phase.EXEC,
                Step.of(
                                "execute " + program,
                                new Op.Exec(candidates(program, path), process.command(), process.environment()))
                        .hint(
                                Errno.ENOENT,
                                program.contains("/")
                                        ? "no layer has it, or not the interpreter that it needs"
                                        : "no directory of the container's PATH has it (" + path + ")")
                        .hint(Errno.EACCES, "it is not executable for the container's user")
                        .hint(Errno.ENOEXEC, "it is neither a program for this processor nor a script with #!"));
        return steps.build();
    }

    /** As execvp(3), but a relative directory in PATH is passed over, as who writes the working directory could choose the program. */
    private static List<String> candidates(String program, String path) {
        if (program.contains("/")) {
            return List.of(program);
        }
        return Arrays.stream(path.split(":", -1))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> (directory.endsWith("/") ? directory : directory + "/") + program)
                .toList();
    }
}
