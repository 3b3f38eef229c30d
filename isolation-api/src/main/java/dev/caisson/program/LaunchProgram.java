package dev.caisson.program;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A container start as a value: every step of it, in the order in which they run.
 *
 * <p>Steps are numbered from 1 through all sections, which is the number that errors and {@code explain} show. A step may use the
 * result of a step before it: the child sees those of the monitor's setup and after-clone sections, and a teardown sees only its own,
 * since it may run in another process long after.
 *
 * @param lines every step with the backend that contributed it, in order of sections
 */
public record LaunchProgram(List<Line> lines) {

    /** A step in its place. */
    public record Line(Section section, String backend, Step step) {}

    public LaunchProgram {
        lines = List.copyOf(lines);
        Section last = Section.SETUP;
        for (Line line : lines) {
            if (line.section().compareTo(last) < 0) {
                throw new IllegalArgumentException("section " + line.section() + " cannot come after " + last);
            }
            last = line.section();
        }
        checkResults(lines);
    }

    /** The steps of one section, in order. */
    public List<Line> section(Section section) {
        return lines.stream().filter(line -> line.section() == section).toList();
    }

    /** How many steps there are. */
    public int size() {
        return lines.size();
    }

    /** The step with a number, counted from 1. */
    public Line line(int number) {
        return lines.get(number - 1);
    }

    /** The program that only tears down: what recovery runs for a container whose monitor is dead. */
    public LaunchProgram teardownOnly() {
        return new LaunchProgram(section(Section.TEARDOWN));
    }

    /** The same program with an error planted in the place of one step's operation, for tests of what happens then. */
    public LaunchProgram withFault(int number, Errno errno) {
        List<Line> changed = new ArrayList<>(lines);
        Line old = line(number);
        Step step = old.step();
        changed.set(
                number - 1,
                new Line(
                        old.section(),
                        old.backend(),
                        new Step(
                                step.description(),
                                new Op.Fault(step.op(), errno),
                                step.onFailure() instanceof OnFailure.Otherwise
                                        ? new OnFailure.Fail()
                                        : step.onFailure(),
                                step.result(),
                                step.hints())));
        return new LaunchProgram(changed);
    }

    private static void checkResults(List<Line> lines) {
        Set<String> known = new HashSet<>();
        Section section = Section.SETUP;
        for (Line line : lines) {
            if (line.section() == Section.TEARDOWN && section != Section.TEARDOWN) {
                known.clear(); // it may run in another process, long after
            }
            section = line.section();
            for (String name : Results.usedBy(line.step())) {
                if (!known.contains(name)) {
                    throw new IllegalArgumentException(
                            complaint(line, "uses the result \"" + name + "\", which no step before it returns"));
                }
            }
            Op op = line.step().op() instanceof Op.Fault fault
                    ? fault.planned()
                    : line.step().op();
            if (op instanceof Op.Clone) {
                known.add(Op.Clone.PID);
                known.add(Op.Clone.PIDFD);
            }
            String result = line.step().result();
            if (result != null && !known.add(result)) {
                throw new IllegalArgumentException(
                        complaint(line, "returns the result \"" + result + "\", which another step returns already"));
            }
        }
    }

    private static String complaint(Line line, String problem) {
        return line.backend() + ": \"" + line.step().description() + "\" " + problem;
    }
}
