package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.api.Feature;
import dev.caisson.api.ResourceUsage;
import dev.caisson.engine.Verdict.Limit;
import dev.caisson.engine.profile.Profile;
import dev.caisson.launcher.Outcome;
import dev.caisson.launcher.Outcome.Cause;
import dev.caisson.launcher.Outcome.StepFailure;
import dev.caisson.launcher.Streams;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictsTest {

    private static final Plan PLAN = Plans.resolve(
            Profile.builder().isolator("box").hostPrograms("sh").command("sh"),
            Fakes.container(),
            Fakes.provider("mount", Feature.ROOT_MOUNT),
            Fakes.controller("group", Feature.MEMORY));
    private static final LaunchProgram PROGRAM = Composer.compose(PLAN, Streams.INHERIT);

    @ParameterizedTest
    @CsvSource({"0, 0, -1", "0x0700, 7, -1", "0xff00, 255, -1", "9, 137, 9", "15, 143, 15", "0x8b, 139, 11"})
    void aWaitStatusBecomesAnExitCodeAsOfAShell(String status, int exitCode, int signal) {
        Verdict verdict = verdict(Integer.decode(status), Cause.ITSELF, Map.of());
        assertEquals(exitCode, verdict.exitCode());
        assertEquals(signal < 0 ? OptionalInt.empty() : OptionalInt.of(signal), verdict.signal());
    }

    @Test
    void theControllerTellsWhatWasUsed() {
        assertEquals(
                new ResourceUsage(OptionalLong.of(4096), Optional.of(Duration.ofSeconds(3)), 0, 0),
                verdict(0, Cause.ITSELF, Map.of("peak", "4096", "cpu", "PT3S")).usage());
    }

    @Test
    void whatItDoesNotTellTheKernelDoes() {
        assertEquals(
                new ResourceUsage(OptionalLong.of(1 << 20), Optional.of(Duration.ofMillis(20)), 0, 0),
                verdict(0, Cause.ITSELF, Map.of()).usage());
    }

    @Test
    void limitsThatWereHitAreNamed() {
        assertEquals(Set.of(), verdict(0, Cause.SIGNAL, Map.of()).limits());
        assertEquals(Set.of(Limit.WALL_TIME), verdict(9, Cause.WALL, Map.of()).limits());
        assertEquals(Set.of(Limit.CPU_TIME), verdict(9, Cause.CPU, Map.of()).limits());
        assertEquals(
                Set.of(Limit.MEMORY, Limit.PIDS),
                verdict(9, Cause.ITSELF, Map.of("oom", "2", "refused", "5")).limits());
    }

    @Test
    void aFailedStepIsAnExceptionThatNamesIt() {
        int number = number("become user 0");
        LaunchException failure = failure(number, Errno.EINVAL);
        assertEquals(
                "engine, step " + number + " of " + PROGRAM.size()
                        + ": become user 0: EINVAL (Invalid argument); the id has no mapping in the container's user"
                        + " namespace; map it, or choose another",
                failure.getMessage());
        assertEquals(125, failure.exitCode());
    }

    @Test
    void aCommandThatCannotBeExecutedHasTheExitCodesOfAShell() {
        int exec = number("execute sh");
        assertEquals(127, failure(exec, Errno.ENOENT).exitCode());
        assertEquals(127, failure(exec, Errno.ENOTDIR).exitCode());
        assertEquals(126, failure(exec, Errno.EACCES).exitCode());
        assertEquals(126, failure(exec, Errno.ENOEXEC).exitCode());
    }

    @Test
    void whatCouldNotBeTornDownIsToldWithTheVerdict() {
        int last = PROGRAM.size();
        Outcome outcome = new Outcome(
                0,
                Cause.ITSELF,
                Optional.empty(),
                failed(last, Errno.EBUSY),
                Duration.ofSeconds(1),
                Duration.ZERO,
                0,
                Map.of());
        Verdict verdict = Verdicts.of(PLAN, () -> PROGRAM, outcome);
        assertEquals(0, verdict.exitCode());
        assertEquals(
                Optional.of("engine, step " + last + " of " + last
                        + ": remove the record of this run: EBUSY (Device or resource busy)"),
                verdict.leftover());
    }

    private static int number(String description) {
        return IntStream.rangeClosed(1, PROGRAM.size())
                .filter(number -> PROGRAM.line(number).step().description().equals(description))
                .findFirst()
                .orElseThrow();
    }

    private static LaunchException failure(int step, Errno errno) {
        return assertThrows(
                LaunchException.class,
                () -> Verdicts.of(PLAN, () -> PROGRAM, outcome(125 << 8, Cause.ITSELF, Map.of(), failed(step, errno))));
    }

    private static Verdict verdict(int status, Cause cause, Map<String, String> collected) {
        return Verdicts.of(PLAN, () -> PROGRAM, outcome(status, cause, collected, Optional.empty()));
    }

    private static Optional<StepFailure> failed(int step, Errno errno) {
        return Optional.of(new StepFailure(step, errno.number()));
    }

    private static Outcome outcome(
            int status, Cause cause, Map<String, String> collected, Optional<StepFailure> failure) {
        return new Outcome(
                status,
                cause,
                failure,
                Optional.empty(),
                Duration.ofSeconds(1),
                Duration.ofMillis(20),
                1 << 20,
                collected);
    }
}
