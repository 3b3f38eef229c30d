package dev.caisson.cli;

import dev.caisson.engine.profile.Overrides;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The profile that a command is about, and what the command line changes in it. */
final class ProfileArgument {

    @Parameters(index = "0", paramLabel = "PROFILE", description = "The profile's YAML file.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change a value of the profile, for example --set resources.memory=64MiB. Repeatable.")
    private List<String> changes = new ArrayList<>();

    Profile read() {
        return read(List.of());
    }

    /** Reads it with another command, unless that is empty. */
    Profile read(List<String> command) {
        return new ProfileReader().read(file, new Overrides(changes, command));
    }
}
