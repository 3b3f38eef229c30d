package dev.caisson.cli;

import dev.caisson.engine.profile.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code caisson schema}: prints the JSON Schema of profiles, for editors. */
@Command(
        name = "schema",
        description = "Print the JSON Schema of profiles, for editors.",
        mixinStandardHelpOptions = true)
final class SchemaCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().print(Profile.schema());
        spec.commandLine().getOut().flush();
    }
}
