package dev.caisson.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caisson.api.CaissonException;
import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.launcher.Launch;
import dev.caisson.launcher.Launcher;
import dev.caisson.launcher.Outcome;
import dev.caisson.launcher.Streams;
import dev.caisson.layers.LayerStore;
import dev.caisson.layers.Trash;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.ProgramTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * Clears what killed runs have left, by what is on disk alone.
 *
 * <p>A record whose lock is free has no monitor any more: its teardown runs, which names cgroups and directories and never a process id or
 * a descriptor, as those may be somebody else's by now. A container's directory without a record is moved to the trash while nobody
 * prepares one; then the trash is emptied.
 */
@Singleton
final class Recovery {

    private final State state;
    private final Host host;
    private final Launcher launcher;

    @Inject
    Recovery(State state, Host host, Launcher launcher) {
        this.state = state;
        this.host = host;
        this.launcher = launcher;
    }

    /** What there is to clear. */
    List<Leftover> find() {
        List<Leftover> leftovers = new ArrayList<>();
        for (Path record : entries(state.records())) {
            StorageLock.exclusive(host, record).ifPresent(lock -> {
                lock.close();
                leftovers.add(new Leftover("the record of a run whose monitor has died", record));
            });
        }
        StorageLock.exclusive(host, state.containers()).ifPresent(lock -> {
            orphans().forEach(path -> leftovers.add(new Leftover("storage of a container that is gone", path)));
            lock.close();
        });
        entries(state.trash()).forEach(path -> leftovers.add(new Leftover("trash", path)));
        return leftovers;
    }

    /** Clears it. */
    List<Leftover.Kept> recover() {
        List<Leftover.Kept> failures = new ArrayList<>();
        for (Path record : entries(state.records())) {
            StorageLock.exclusive(host, record).ifPresent(lock -> {
                Leftover leftover = new Leftover("the record of a run whose monitor has died", record);
                teardown(record).ifPresent(reason -> failures.add(new Leftover.Kept(leftover, reason)));
                lock.close();
            });
        }
        StorageLock.exclusive(host, state.containers()).ifPresent(lock -> {
            for (Path orphan : orphans()) {
                try {
                    Files.move(orphan, state.trash().resolve(orphan.getFileName()), StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    failures.add(new Leftover.Kept(
                            new Leftover("storage of a container that is gone", orphan), e.toString()));
                }
            }
            lock.close();
        });
        if (!entries(state.trash()).isEmpty()) {
            Trash.empty(state.trash());
        }
        if (Files.isDirectory(state.layers())) {
            new LayerStore(state.layers(), host.root()).removeAbandoned();
        }
        return failures;
    }

    private List<Path> orphans() {
        return entries(state.containers()).stream()
                .filter(Predicate.not(path ->
                        Files.exists(state.site(path.getFileName().toString()).record())))
                .toList();
    }

    /** Runs a record's teardown; returns what went wrong. */
    private Optional<String> teardown(Path record) {
        try {
            LaunchProgram program = read(Files.readString(record));
            Launch launch = launcher.start(program, Streams.DISCARD);
            Outcome outcome = launch.onExit().join();
            return outcome.teardownFailure()
                    .map(failure -> LaunchException.message(program, failure.step(), failure.errno()));
        } catch (IOException | CaissonException e) {
            return Optional.of(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
    }

    private static LaunchProgram read(String record) {
        try {
            Map<?, ?> tree = new ObjectMapper().readValue(record, Map.class);
            return ProgramTree.read(Objects.requireNonNull(tree.get("program"), "program"));
        } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
            throw new HostException(
                    "the record cannot be read (" + e.getMessage() + "); it is of another version, or damaged", e);
        }
    }

    private static List<Path> entries(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new HostException(directory + ": cannot be read: " + e, e);
        }
    }
}
