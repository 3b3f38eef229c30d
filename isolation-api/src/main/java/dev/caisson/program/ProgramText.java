package dev.caisson.program;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Prints a launch program for people: the strace of a run that has not happened. */
public final class ProgramText {

    private ProgramText() {}

    /** The whole program, one line for each step under the heading of its section. */
    public static String of(LaunchProgram program) {
        StringBuilder text = new StringBuilder();
        int backendWidth = program.lines().stream()
                .mapToInt(line -> line.backend().length())
                .max()
                .orElse(0);
        int numberWidth = Integer.toString(program.size()).length();
        Section section = null;
        int number = 0;
        for (LaunchProgram.Line line : program.lines()) {
            if (line.section() != section) {
                section = line.section();
                text.append(text.isEmpty() ? "" : "\n").append(section.who()).append('\n');
            }
            number++;
            text.append(("  %" + numberWidth + "d  %-" + backendWidth + "s  %s\n")
                    .formatted(number, line.backend(), line.step().description()));
            text.append(" ".repeat(numberWidth + backendWidth + 8))
                    .append(of(line.step()))
                    .append('\n');
        }
        return text.toString();
    }

    /** A step's operation with its result and failure policy. */
    public static String of(Step step) {
        String result = step.result() == null ? "" : "{" + step.result() + "} = ";
        return result + of(step.op()) + of(step.onFailure());
    }

    /** An operation as a call. */
    public static String of(Op op) {
        if (op instanceof Op.SystemCall call) {
            return call.name() + arguments(call.arguments(), "(", ")");
        } else if (op instanceof Op.WriteFile write) {
            return "write-file(" + of(write.path()) + ", " + quote(write.content()) + ")";
        } else if (op instanceof Op.ExpectFile expect) {
            return "expect-file(" + quote(expect.path()) + ", " + quote(expect.content()) + ")";
        } else if (op instanceof Op.CollectFile collect) {
            return "collect-file(" + collect.key() + ", " + quote(collect.path()) + ")";
        } else if (op instanceof Op.KillListed kill) {
            return "kill-listed(" + quote(kill.path()) + ")";
        } else if (op instanceof Op.Clone clone) {
            String flags = new TreeSet<>(clone.namespaces())
                    .stream().map(Namespace::cloneFlag).collect(Collectors.joining("|"));
            return "clone3(" + (flags.isEmpty() ? "0" : flags)
                    + clone.cgroup().map(result -> ", cgroup " + of(result)).orElse("") + ")";
        } else if (op instanceof Op.OpenGate) {
            return "open-gate()";
        } else if (op instanceof Op.AwaitGate) {
            return "await-gate()";
        } else if (op instanceof Op.Supervise supervise) {
            return "supervise(" + limit("wall", supervise.wall()) + limit("cpu", supervise.cpu()) + "grace "
                    + seconds(supervise.grace()) + ")";
        } else if (op instanceof Op.ForkInit) {
            return "fork-init()";
        } else if (op instanceof Op.Exec exec) {
            return "execve(["
                    + exec.candidates().stream().map(ProgramText::quote).collect(Collectors.joining(", "))
                    + "], ["
                    + exec.arguments().stream().map(ProgramText::quote).collect(Collectors.joining(", "))
                    + "], "
                    + new TreeMap<>(exec.environment())
                            .entrySet().stream()
                                    .map(variable -> variable.getKey() + "=" + quote(variable.getValue()))
                                    .collect(Collectors.joining(", ", "{", "}"))
                    + ")";
        } else if (op instanceof Op.DropRecord drop) {
            return "drop-record(" + quote(drop.path()) + ")";
        } else if (op instanceof Op.Fault fault) {
            return "fault(" + fault.errno() + ")";
        }
        throw new AssertionError(op);
    }

    /** An argument as it reads in a call. */
    public static String of(Argument argument) {
        if (argument instanceof Argument.Word word) {
            return word.text();
        } else if (argument instanceof Argument.Flags flags) {
            return flags.names().isEmpty() ? "0" : String.join("|", flags.names());
        } else if (argument instanceof Argument.Text text) {
            return quote(text.value());
        } else if (argument instanceof Argument.Formatted formatted) {
            return quote(formatted.before() + "{" + formatted.number().name() + "}" + formatted.after());
        } else if (argument instanceof Argument.Bytes bytes) {
            return "<" + bytes.value().length + " bytes>";
        } else if (argument instanceof Argument.Block block) {
            return arguments(block.words(), "{", "}");
        } else if (argument instanceof Argument.Result result) {
            return "{" + result.name() + "}";
        } else if (argument instanceof Argument.Room room) {
            return "<room for " + room.size() + " bytes>";
        }
        throw new AssertionError(argument);
    }

    private static String of(OnFailure policy) {
        if (policy instanceof OnFailure.Tolerate tolerate) {
            return "  # or " + names(tolerate.errors());
        } else if (policy instanceof OnFailure.Retry retry) {
            return "  # again on " + names(retry.errors()) + ", up to " + retry.attempts() + " times"
                    + (retry.tolerated().isEmpty() ? "" : "; or " + names(retry.tolerated()));
        } else if (policy instanceof OnFailure.Otherwise otherwise) {
            return "  # else " + of(otherwise.alternative());
        }
        return "";
    }

    private static String names(Set<Errno> errors) {
        return errors.stream().sorted().map(Errno::name).collect(Collectors.joining(", "));
    }

    private static String arguments(List<Argument> arguments, String open, String close) {
        return arguments.stream().map(ProgramText::of).collect(Collectors.joining(", ", open, close));
    }

    private static String limit(String name, Duration duration) {
        return duration.isZero() ? "" : name + " " + seconds(duration) + ", ";
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }

    private static String quote(String text) {
        return Json.quote(text);
    }
}
