package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.engine.Caisson;
import dev.caisson.engine.Container;
import dev.caisson.engine.Faults;
import dev.caisson.engine.LaunchException;
import dev.caisson.engine.State;
import dev.caisson.engine.Verdict;
import dev.caisson.engine.profile.Overrides;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileReader;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each single step of a launch fails once: the error says which, and nothing is left. */
class FaultsIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    /** The program as it was composed last. */
    private LaunchProgram program = new LaunchProgram(List.of());

    /** The number of the step that fails; none with 0. */
    private int fault;

    /** What the container printed last. */
    private String said = "";

    private final Caisson caisson = Faults.open(new State(BED.state(), BED.storage()), composed -> {
        program = composed;
        return fault == 0 ? composed : composed.withFault(fault, Errno.EIO);
    });

    @ParameterizedTest
    @ValueSource(strings = {"hello", "chroot", "user"})
    void anyStepOfTheLaunch(String name) throws IOException {
        run(name);
        for (fault = 1; fault <= program.size(); fault++) {
            LaunchProgram.Line line = program.line(fault);
            if (line.section() != Section.TEARDOWN) {
                LaunchException failure = assertThrows(
                        LaunchException.class,
                        () -> run(name),
                        () -> line.step().description());
                assertEquals(message(), withoutId(failure.getMessage()));
                assertEquals(line.step().op() instanceof Op.Exec ? 126 : 125, failure.exitCode());
                BED.assertNothingLeft();
                assertEquals(List.of(), caisson.leftovers());
            }
        }
    }

    /** The container is dead, the verdict says what could not be undone, and recovery undoes it. */
    @ParameterizedTest
    @ValueSource(strings = {"hello", "chroot", "user"})
    void anyStepOfTheTeardown(String name) throws IOException {
        run(name);
        for (fault = 1; fault <= program.size(); fault++) {
            if (program.line(fault).section() == Section.TEARDOWN) {
                Verdict verdict = run(name);

                assertEquals(0, verdict.exitCode());
                assertTrue(said.startsWith("hello from"), said);
                assertEquals(Optional.of(message()), verdict.leftover().map(FaultsIT::withoutId));
                assertFalse(caisson.leftovers().isEmpty(), message());
                assertEquals(List.of(), caisson.recover());
                assertEquals(List.of(), caisson.leftovers());
                BED.assertNothingLeft();
            }
        }
    }

    /** {@code overlay, step 42 of 170: mount the overlay: EIO (Input/output error)}. */
    private String message() {
        LaunchProgram.Line line = program.line(fault);
        return withoutId(line.backend() + ", step " + fault + " of " + program.size() + ": "
                + line.step().description() + ": EIO (Input/output error)");
    }

    /** Without the random part of the container's id, of which the program that was composed knows nothing. */
    private static String withoutId(@Nullable String message) {
        return String.valueOf(message).replaceAll("\\b(hello|chroot)-[0-9a-z]{8}\\b", "$1-ID");
    }

    private Verdict run(String name) throws IOException {
        try (Container container = caisson.start(profile(name, fault))) {
            said = new String(container.stdout().readAllBytes(), StandardCharsets.UTF_8);
            return container.waitFor();
        }
    }

    /** A profile that differs from the others in its time limit, as programs are assembled once for each. */
    private static Profile profile(String name, int number) {
        List<String> sets = new ArrayList<>(List.of("timeouts.wall=" + (1000 + number) + "s"));
        if (name.equals("user")) {
            sets.add("isolators=[{namespaces: {user: true, time: true}}, seccomp]");
        }
        Path example = Path.of(TestBed.example(name.equals("chroot") ? "chroot" : "hello"));
        return new ProfileReader().read(example, new Overrides(sets, List.of()));
    }
}
