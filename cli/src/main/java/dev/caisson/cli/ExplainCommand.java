package dev.caisson.cli;

import dev.caisson.engine.Caisson;
import dev.caisson.engine.profile.Profile;
import dev.caisson.program.Json;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.ProgramText;
import dev.caisson.program.ProgramTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caisson explain}: prints the launch program of a profile. */
@Command(
        name = "explain",
        description = "Print every step of a container's start; nothing is run.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Runnable {

    /** How to print. */
    enum Format {
        text,
        json
    }

    @Mixin
    private ProfileArgument profile;

    @Mixin
    private StateOptions state;

    @Option(names = "--format", description = "One of: ${COMPLETION-CANDIDATES}. Usually text.")
    private Format format = Format.text;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Caisson caisson = state.open();
        Profile read = profile.read();
        LaunchProgram program = caisson.explain(read);
        spec.commandLine()
                .getOut()
                .print(format == Format.json ? Json.write(ProgramTree.write(program)) : ProgramText.of(program));
        spec.commandLine().getOut().flush();
    }
}
