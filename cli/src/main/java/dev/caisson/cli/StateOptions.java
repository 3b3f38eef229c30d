package dev.caisson.cli;

import dev.caisson.engine.Caisson;
import dev.caisson.engine.State;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Caisson keeps its state, for those who want it elsewhere. */
final class StateOptions {

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Directory for the records of running containers, on a tmpfs; usually /run/caisson.")
    private @Nullable Path state;

    @Option(
            names = "--storage",
            paramLabel = "DIR",
            description = "Directory for layers and private copies; usually /var/lib/caisson.")
    private @Nullable Path storage;

    Caisson open() {
        State usual = State.ofUser();
        return Caisson.open(new State(
                Optional.ofNullable(state).map(Path::toAbsolutePath).orElse(usual.state()),
                Optional.ofNullable(storage).map(Path::toAbsolutePath).orElse(usual.storage())));
    }
}
