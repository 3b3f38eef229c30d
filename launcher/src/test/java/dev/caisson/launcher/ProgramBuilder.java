package dev.caisson.launcher;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;
import static dev.caisson.program.Argument.word;

import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts launch programs together for tests, section by section. */
public final class ProgramBuilder {

    private final List<Line> lines = new ArrayList<>();

    /** Adds to the setup. */
    public ProgramBuilder setup(Step... steps) {
        return add(Section.SETUP, steps);
    }

    /** Adds to what the monitor does while the child waits. */
    public ProgramBuilder after(Step... steps) {
        return add(Section.AFTER_CLONE, steps);
    }

    /** Adds to the child. */
    public ProgramBuilder child(Step... steps) {
        return add(Section.CHILD, steps);
    }

    /** Adds to the teardown. */
    public ProgramBuilder teardown(Step... steps) {
        return add(Section.TEARDOWN, steps);
    }

    /** Makes the child in new namespaces, and supervises it without limits. */
    public ProgramBuilder supervised(Namespace... namespaces) {
        return supervised(Duration.ZERO, Duration.ofSeconds(10), namespaces);
    }

    /** Makes the child in new namespaces, and supervises it. */
    public ProgramBuilder supervised(Duration wall, Duration grace, Namespace... namespaces) {
        return setup(cloning(namespaces)).after(closeStatus(), supervise(wall, grace));
    }

    /** The program, with its lines in the order of sections. */
    public LaunchProgram program() {
        return new LaunchProgram(
                lines.stream().sorted(Comparator.comparing(Line::section)).toList());
    }

    private ProgramBuilder add(Section section, Step... steps) {
        for (Step step : steps) {
            lines.add(new Line(section, "test", step));
        }
        return this;
    }

    /** Makes the child. */
    public static Step cloning(Namespace... namespaces) {
        return Step.of("clone", new Op.Clone(Set.of(namespaces), Optional.empty()));
    }

    /** Tells the launcher's side that nothing more will fail in the monitor. */
    public static Step closeStatus() {
        return Step.of("close the status socket", Op.call("close", number(4)));
    }

    /** Waits for the child. */
    public static Step supervise(Duration wall, Duration grace) {
        return Step.of("supervise", new Op.Supervise(wall, Duration.ZERO, null, 1, grace, 1));
    }

    /** Leaves the command nothing but its streams; so the status socket says when it has been executed. */
    public static Step closeOnExec() {
        return Step.of(
                "close on execve",
                Op.call("close_range", number(3), word(0xffffffffL, "~0"), flags("CLOSE_RANGE_CLOEXEC")));
    }

    /** Takes signals again. */
    public static Step unblock() {
        return Step.of(
                "unblock signals", Op.call("rt_sigprocmask", flags("SIG_SETMASK"), block(number(0)), NULL, number(8)));
    }

    /** Dies with the monitor. */
    public static Step dieWithTheMonitor() {
        return Step.of("die with the monitor", Op.call("prctl", flags("PR_SET_PDEATHSIG"), flags("SIGKILL")));
    }

    /** Becomes a program of the host. */
    public static Step exec(String... command) {
        return exec(Map.of("PATH", "/usr/bin:/bin"), command);
    }

    /** Becomes a program of the host with an environment. */
    public static Step exec(Map<String, String> environment, String... command) {
        return Step.of(
                "execute",
                new Op.Exec(List.of("/usr/bin/" + command[0], "/bin/" + command[0]), List.of(command), environment));
    }

    /** Makes a directory. */
    public static Step mkdir(Path path) {
        return Step.of("make " + path.getFileName(), Op.call("mkdirat", CWD, text(path.toString()), mode(0755)));
    }

    /** Removes a directory. */
    public static Step rmdir(Path path) {
        return Step.of(
                "remove " + path.getFileName(), Op.call("unlinkat", CWD, text(path.toString()), flags("AT_REMOVEDIR")));
    }

    /** Opens a directory under a name. */
    public static Step opening(String name, Path path) {
        return Step.of(
                        "open " + path,
                        Op.call("openat", CWD, text(path.toString()), flags("O_RDONLY", "O_CLOEXEC"), number(0)))
                .naming(name);
    }
}
