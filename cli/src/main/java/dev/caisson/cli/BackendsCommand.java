package dev.caisson.cli;

import dev.caisson.api.Backend;
import dev.caisson.api.Isolator;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.RootfsProvider;
import dev.caisson.engine.Caisson;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code caisson backends}: what was discovered; supported here, or why not and what would help. */
@Command(
        name = "backends",
        description = "List the backends on the class path, and whether each would work here.",
        mixinStandardHelpOptions = true)
final class BackendsCommand implements Runnable {

    @Mixin
    private StateOptions state;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Caisson caisson = state.open();
        PrintWriter out = spec.commandLine().getOut();
        for (Backend backend : caisson.backends().all()) {
            ProbeReport report = caisson.probe(backend);
            out.printf(
                    "%-12s %-11s %-14s %s%n",
                    backend.name(),
                    kind(backend),
                    report.supported() ? "supported" : "not supported",
                    backend.description());
            report.findings().forEach(finding -> out.println("             " + finding));
        }
        caisson.backends().broken().forEach(problem -> out.println("broken: " + problem));
        out.flush();
    }

    private static String kind(Backend backend) {
        if (backend instanceof Isolator) {
            return "isolator";
        }
        return backend instanceof RootfsProvider ? "rootfs" : "controller";
    }
}
