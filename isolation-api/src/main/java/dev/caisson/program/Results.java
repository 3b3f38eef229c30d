package dev.caisson.program;

import java.util.List;
import java.util.stream.Stream;

/** Finds which earlier results a step needs. */
final class Results {

    private Results() {}

    static List<String> usedBy(Step step) {
        Stream<String> own = names(step.op());
        if (step.onFailure() instanceof OnFailure.Otherwise otherwise) {
            own = Stream.concat(own, usedBy(otherwise.alternative()).stream());
        }
        return own.toList();
    }

    private static Stream<String> names(Op op) {
        if (op instanceof Op.SystemCall call) {
            return call.arguments().stream().flatMap(Results::names);
        }
        if (op instanceof Op.WriteFile write) {
            return names(write.path());
        }
        if (op instanceof Op.Clone clone) {
            return clone.cgroup().stream().map(Argument.Result::name);
        }
        return Stream.empty();
    }

    private static Stream<String> names(Argument argument) {
        if (argument instanceof Argument.Result result) {
            return Stream.of(result.name());
        }
        if (argument instanceof Argument.Formatted formatted) {
            return Stream.of(formatted.number().name());
        }
        if (argument instanceof Argument.Block block) {
            return block.words().stream().flatMap(Results::names);
        }
        return Stream.empty();
    }
}
