package dev.caisson.cli;

import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.engine.Plan;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code caisson check}: validates a profile and says what would be enforced here, by which backend. */
@Command(
        name = "check",
        description = "Validate a profile, and say what would be enforced here and by which backend.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Runnable {

    @Mixin
    private ProfileArgument profile;

    @Mixin
    private StateOptions state;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Plan plan = state.open().check(profile.read());
        PrintWriter out = spec.commandLine().getOut();
        out.println("profile " + plan.spec().name());
        plan.isolators()
                .forEach(chosen ->
                        line(out, "isolator", chosen.name(), chosen.report().offers()));
        plan.rootfs()
                .ifPresent(chosen ->
                        line(out, "rootfs", chosen.name(), chosen.report().offers()));
        plan.controller()
                .ifPresentOrElse(
                        chosen -> line(
                                out,
                                "controller",
                                chosen.name(),
                                plan.spec().resources().needs()),
                        () -> out.println("  controller  none"));
        plan.findings().stream()
                .filter(observation -> observation.finding().severity() != Finding.Severity.BLOCKER)
                .forEach(observation -> out.println("  "
                        + observation.finding().severity().toString().toLowerCase(Locale.ROOT) + ": " + observation));
        out.flush();
        plan.requireSupported();
    }

    private static void line(PrintWriter out, String kind, String name, Set<Feature> features) {
        out.printf(
                "  %-10s  %-12s %s%n",
                kind, name, features.stream().sorted().map(Feature::text).collect(Collectors.joining(", ")));
    }
}
