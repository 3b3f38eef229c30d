package dev.caisson.cli;

import dev.caisson.api.ResourceLimits;
import dev.caisson.api.Size;
import dev.caisson.api.Stdio;
import dev.caisson.api.Timeouts;
import dev.caisson.engine.Caisson;
import dev.caisson.engine.Container;
import dev.caisson.engine.Verdict;
import dev.caisson.engine.profile.Profile;
import dev.caisson.launcher.HostTerminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caisson run}: starts a container in the foreground and ends as its command does. */
@Command(
        name = "run",
        description = "Run a container in the foreground; the exit code is the command's.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Mixin
    private ProfileArgument profile;

    @Mixin
    private StateOptions state;

    @Parameters(
            index = "1..*",
            paramLabel = "COMMAND",
            description = "After --: the command and its arguments, in place of the profile's.")
    private List<String> command = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Profile profile = this.profile.read(command);
        Caisson caisson = state.open();
        caisson.recover().forEach(failure -> warn(failure.leftover().path() + ": still there: " + failure.reason()));
        boolean tty = profile.spec().process().tty();
        try (Signals signals = new Signals();
                Container container = tty
                        ? caisson.start(
                                profile,
                                new Stdio.Discard(),
                                HostTerminal.open().map(HostTerminal::size))
                        : caisson.start(profile, new Stdio.Inherit())) {
            signals.forwardTo(container);
            if (container.terminal().isPresent()) {
                TerminalRelay.run(container.terminal().get(), signals);
            }
            Verdict verdict = container.waitFor();
            explain(verdict, profile);
            return verdict.exitCode();
        }
    }

    /** One line when a limit ended the container, as its exit code alone would not tell. */
    private void explain(Verdict verdict, Profile profile) {
        ResourceLimits limits = profile.spec().resources();
        Timeouts timeouts = profile.spec().timeouts();
        String hit = verdict.limits().stream()
                .sorted()
                .map(limit -> switch (limit) {
                    case MEMORY ->
                        "the kernel killed " + verdict.usage().oomKills() + " of its processes at the memory limit"
                                + (limits.memory() == null ? "" : " of " + new Size(limits.memory()));
                    case PIDS ->
                        "a new process was refused " + times(verdict.usage().pidsRefused()) + " at the limit of "
                                + Objects.requireNonNullElse(limits.pids(), 0L);
                    case WALL_TIME -> "its time limit of " + timeouts.wall().toMillis() / 1000.0 + " s was up";
                    case CPU_TIME ->
                        "its processor time limit of " + timeouts.cpu().toMillis() / 1000.0 + " s was used up";
                })
                .collect(Collectors.joining("; "));
        if (!hit.isEmpty()) {
            warn(profile.spec().name() + ": " + hit);
        }
        verdict.leftover().ifPresent(problem -> warn(problem + "; the next run or caisson gc tries again"));
    }

    private static String times(long count) {
        return count == 1 ? "once" : count + " times";
    }

    private void warn(String message) {
        spec.commandLine().getErr().println("caisson: " + message);
    }
}
