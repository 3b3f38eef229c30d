package dev.caisson.cli;

import dev.caisson.engine.Caisson;
import dev.caisson.engine.Leftover;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caisson gc}: clears what killed runs have left. */
@Command(name = "gc", description = "Clear what runs that were killed have left.", mixinStandardHelpOptions = true)
final class GcCommand implements Callable<Integer> {

    @Mixin
    private StateOptions state;

    @Option(names = "--dry-run", description = "Only list it.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Caisson caisson = state.open();
        PrintWriter out = spec.commandLine().getOut();
        List<Leftover> leftovers = caisson.leftovers();
        leftovers.forEach(leftover -> out.println(leftover.path() + ": " + leftover.what()));
        out.flush();
        if (dryRun) {
            return 0;
        }
        List<Leftover.Kept> failures = caisson.recover();
        failures.forEach(failure -> spec.commandLine()
                .getErr()
                .println("caisson: " + failure.leftover().path() + ": cannot be removed: " + failure.reason()));
        return failures.isEmpty() ? 0 : Main.ERROR;
    }
}
