package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Stdio;
import dev.caisson.engine.Container;
import dev.caisson.engine.Verdict;
import dev.caisson.engine.profile.ProfileBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits hold, and the verdict says which one was hit; with whatever version of cgroups this host has. */
class LimitsIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    private static final String PROFILE = """
            name: limits
            rootfs: {layers: [{host: [sh, dd, sleep]}]}
            process: {command: [sh]}
            """;

    // Memory:

    @Test
    @Tag("cgroup2")
    void whoTakesMoreMemoryIsKilledAndToldWhy() {
        Run run = BED.caisson(
                "run",
                BED.profile("memory", PROFILE),
                "--set",
                "resources.memory=64MiB",
                "--",
                "dd",
                "if=/dev/zero",
                "of=/dev/null",
                "bs=256M",
                "count=1");

        assertEquals(
                new Run(
                        137,
                        "",
                        "caisson: limits: the kernel killed 1 of its processes at the memory limit of 64MiB\n"),
                run);
    }

    @Test
    @Tag("cgroup2")
    void whoTakesLessIsNot() {
        Verdict verdict = verdict(TestBed.shell("dd if=/dev/zero of=/dev/null bs=32M count=1 2>/dev/null")
                .memory("64MiB"));

        assertEquals(0, verdict.exitCode());
        assertEquals(Set.of(), verdict.limits());
        long peak = verdict.usage().peakMemory().orElseThrow();
        assertTrue(peak > 32 << 20 && peak <= 64 << 20, "peak memory " + peak);
    }

    // Processes:

    @Test
    @Tag("cgroup2")
    void aForkBombStaysWithinItsLimit(TestReporter reporter) throws IOException {
        // A shell that tries again when it cannot fork.
        ProfileBuilder bomb = TestBed.shell("")
                .command("bash", "-c", "bomb() { bomb | bomb & bomb; }; bomb")
                .pids(32)
                .wallTimeout(Duration.ofSeconds(2))
                .stderr(new Stdio.Discard());
        long most = 0;
        try (Container container = BED.start(bomb)) {
            Path current = cgroup(container, "pids.current").resolve("pids.current");
            while (container.isAlive()) {
                String count = TestBed.read(current).strip();
                most = Math.max(most, count.isEmpty() ? 0 : Long.parseLong(count));
            }
            Verdict verdict = container.waitFor();

            assertEquals(Set.of(Verdict.Limit.PIDS, Verdict.Limit.WALL_TIME), verdict.limits());
            assertEquals(137, verdict.exitCode());
            reporter.publishEntry(
                    "most processes of the fork bomb",
                    most + ", refused " + verdict.usage().pidsRefused());
        }
        assertTrue(most > 16 && most <= 32, "most processes at once: " + most);
    }

    // Processor time:

    @Test
    @Tag("cgroup2")
    void halfAProcessorIsHalfAProcessor(TestReporter reporter) {
        Verdict verdict = verdict(busy(Duration.ofSeconds(2)).cpus(0.5));

        double share = share(verdict);
        reporter.publishEntry("share of a processor under cpus 0.5", Double.toString(share));
        assertTrue(share > 0.35 && share < 0.65, "its share of a processor: " + share);
    }

    /** The measure of the test above: without the limit it shows a whole one. */
    @Test
    @Tag("cgroup2")
    void withoutThatItIsMore(TestReporter reporter) {
        Verdict verdict = verdict(busy(Duration.ofSeconds(1)));

        double share = share(verdict);
        reporter.publishEntry("share of a processor without a limit", Double.toString(share));
        assertTrue(share > 0.65, "its share of a processor: " + share);
    }

    @ParameterizedTest
    @ValueSource(strings = {"while :; do :; done", "(while :; do :; done) & while :; do :; done"})
    void theTimeLimitCountsTheProcessorTimeOfAll(String script, TestReporter reporter) {
        Run run = BED.caisson(
                "run", BED.profile("cpu", PROFILE), "--set", "timeouts.cpu=700ms", "--", "sh", "-c", script);

        assertEquals(new Run(137, "", "caisson: limits: its processor time limit of 0.7 s was used up\n"), run);
    }

    @Test
    @Tag("cgroup2")
    void whatWasUsedIsNotFarFromTheLimit(TestReporter reporter) {
        Verdict verdict = verdict(
                TestBed.shell("(while :; do :; done) & while :; do :; done").cpuTimeout(Duration.ofMillis(600)));

        assertEquals(Set.of(Verdict.Limit.CPU_TIME), verdict.limits());
        long used = verdict.usage().cpu().orElseThrow().toMillis();
        reporter.publishEntry("processor time under a limit of 600 ms", used + " ms");
        assertTrue(used >= 590 && used < 1200, "processor time used: " + used + " ms");
    }

    @Test
    void theWallClockLimitEndsAContainerThatDoesNothing() {
        Run run =
                BED.caisson("run", BED.profile("wall", PROFILE), "--set", "timeouts.wall=500ms", "--", "sleep", "1000");

        assertEquals(new Run(137, "", "caisson: limits: its time limit of 0.5 s was up\n"), run);
    }

    // The group:

    @Test
    @Tag("cgroup2")
    void theCommandIsInAGroupOfItsOwnThatGoesWithIt() throws IOException {
        Path group;
        try (Container container =
                BED.start(TestBed.shell("exec sleep 1000").memory("64MiB").pids(10))) {
            group = cgroup(container, "cgroup.procs");
            String groups = TestBed.read(TestBed.process(container, "sleep").resolve("cgroup"));
            assertTrue(groups.contains("/caisson-" + container.id() + "\n"), groups);
        }
        assertTrue(!Files.exists(group), group + " is gone");
    }

    /** Computes for a time, with a weight that makes it get its share on a busy machine too. */
    private static ProfileBuilder busy(Duration time) {
        return TestBed.shell("while :; do :; done")
                .cpuWeight(10_000)
                .wallTimeout(time)
                .cpuTimeout(Duration.ofHours(1)); // so that version 1 measures it, too
    }

    private static Verdict verdict(ProfileBuilder profile) {
        try (Container container = BED.start(profile)) {
            return container.waitFor();
        }
    }

    private static double share(Verdict verdict) {
        return (double) verdict.usage().cpu().orElseThrow().toNanos()
                / verdict.wall().toNanos();
    }

    /** The container's group that has a file of this name. */
    private static Path cgroup(Container container, String file) throws IOException {
        try (Stream<Path> directories = Files.walk(Path.of("/sys/fs/cgroup"), 4)) {
            return directories
                    .filter(directory -> directory.endsWith("caisson-" + container.id()))
                    .filter(directory -> Files.exists(directory.resolve(file)))
                    .findFirst()
                    .orElseThrow();
        } catch (UncheckedIOException e) {
            return cgroup(container, file); // another container's group was removed meanwhile
        }
    }
}
