package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.HostException;
import dev.caisson.api.ProfileException;
import dev.caisson.engine.Caisson;
import dev.caisson.engine.Container;
import dev.caisson.engine.LaunchException;
import dev.caisson.engine.Verdict;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers from Java, in the manner of {@link Process}. */
class JavaApiIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    /** What the Javadoc of {@link Caisson} shows compiles, runs and prints what it says. */
    @Test
    void theExampleOfTheJavadoc() throws IOException {
        String source = Files.readString(TestBed.ROOT.resolve("engine/src/main/java/dev/caisson/engine/Caisson.java"));
        int begin = source.indexOf("<pre>{@code") + "<pre>{@code".length();
        String example =
                source.substring(begin, source.indexOf("}</pre>", begin)).replaceAll("(?m)^ \\* ?", "");
        assertTrue(example.lines().filter(line -> !line.isBlank()).count() <= 10, example);
        Path file = Files.writeString(BED.work().resolve("Example.java"), """
                import dev.caisson.engine.*;
                import dev.caisson.engine.profile.*;
                import static java.nio.charset.StandardCharsets.UTF_8;

                class Example {
                    public static void main(String[] arguments) throws Exception {
                        %s
                    }
                }
                """.formatted(example));
        List<String> command = new ArrayList<>(TestBed.java());
        command.addAll(List.of("-cp", TestBed.DIST.resolve("lib") + "/*", file.toString()));

        assertEquals(new Run(0, "hello\n0\n", ""), TestBed.start(command).end());
    }

    @Test
    void theVerdictSaysHowItEnded() {
        Verdict verdict = verdict(TestBed.shell("exit 3"));

        assertEquals(3, verdict.exitCode());
        assertEquals(OptionalInt.empty(), verdict.signal());
        assertEquals(Set.of(), verdict.limits());
        assertTrue(verdict.leftover().isEmpty());
        assertTrue(verdict.usage().peakMemory().orElse(0) > 0, verdict.toString());
        assertFalse(verdict.wall().isNegative() || verdict.wall().isZero(), verdict.toString());
    }

    @Test
    void aSignalOfTheCommandsOwnIsTold() {
        Verdict verdict = verdict(TestBed.shell("kill -SEGV $$"));

        assertEquals(139, verdict.exitCode());
        assertEquals(OptionalInt.of(11), verdict.signal());
    }

    @Test
    void destroyAsksAndDestroyForciblyDoesNot() throws IOException {
        ProfileBuilder profile = TestBed.shell("trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done");
        try (Container asked = BED.start(profile);
                Container killed = BED.start(profile)) {
            awaitLine(asked);
            awaitLine(killed);

            asked.destroy();
            killed.destroyForcibly();

            assertEquals(9, asked.waitFor().exitCode());
            assertEquals(137, killed.waitFor().exitCode());
        }
    }

    @Test
    void anyOtherSignalReachesTheCommand() throws IOException {
        try (Container container =
                BED.start(TestBed.shell("trap 'echo caught' USR1; echo ready; while :; do sleep 0.05; done"))) {
            BufferedReader lines = lines(container);
            assertEquals("ready", lines.readLine());

            container.signal(10);

            assertEquals("caught", lines.readLine());
            assertTrue(container.isAlive());
        }
    }

    @Test
    void closeLeavesNothing() throws IOException {
        Container container = BED.start(TestBed.shell("echo ready; exec sleep 1000"));
        awaitLine(container);
        Path process = TestBed.process(container, "sleep");

        container.close();

        assertFalse(container.isAlive());
        assertFalse(Files.exists(process));
        assertThrows(IOException.class, () -> container.stdout().read());
        container.close(); // again, and harmless
        assertEquals(137, container.waitFor().exitCode());
    }

    @Test
    void onExitTellsWhoeverAsks() {
        try (Container container = BED.start(TestBed.shell("exit 5"))) {
            CompletableFuture<Integer> first = container.onExit().thenApply(Verdict::exitCode);
            CompletableFuture<Verdict> cancelled = container.onExit();
            cancelled.cancel(true);

            assertEquals(5, first.join());
            assertEquals(5, container.onExit().join().exitCode());
        }
    }

    /** From many threads at once, each with its own output, and nothing mixed up. */
    @Test
    void manyAtOnce() {
        Caisson caisson = BED.open();
        List<CompletableFuture<String>> runs = IntStream.range(0, 24)
                .mapToObj(i -> TestBed.shell("cat; echo " + i + " $(hostname) $$")
                        .hostname("box-" + i)
                        .isolator("namespaces")
                        .isolator("seccomp")
                        .rootfs(i % 2 == 0 ? "overlay" : "vfs")
                        .build())
                .map(profile -> CompletableFuture.supplyAsync(() -> output(caisson, profile)))
                .toList();

        for (int i = 0; i < runs.size(); i++) {
            assertEquals("in\n" + i + " box-" + i + " 2\n", runs.get(i).join());
        }
        BED.assertNothingLeft();
    }

    /** A profile's program is assembled once; each of its containers is its own all the same. */
    @Test
    void oneProfileManyTimes() {
        Caisson caisson = BED.open();
        Profile profile = TestBed.shell("cat; touch /mine; ls /").build();
        String first = output(caisson, profile);

        for (int i = 0; i < 20; i++) {
            assertEquals(first, output(caisson, profile));
        }
    }

    @Test
    void errorsSayWhoMustAct() {
        assertThrows(ProfileException.class, () -> Profile.builder().build());
        assertThrows(
                ProfileException.class,
                () -> BED.start(TestBed.shell("true").isolator("chroot").rootfs("overlay")));
        LaunchException missing = assertThrows(
                LaunchException.class, () -> BED.start(TestBed.shell("").command("/no/such/program")));
        assertEquals(127, missing.exitCode());
        assertTrue(HostException.class.isInstance(missing));
        BED.assertNothingLeft();
    }

    private static Verdict verdict(ProfileBuilder profile) {
        try (Container container = BED.start(profile)) {
            return container.waitFor();
        }
    }

    private static String output(Caisson caisson, Profile profile) {
        try (Container container = caisson.start(profile)) {
            container.stdin().write("in\n".getBytes(StandardCharsets.UTF_8));
            container.stdin().close();
            String out = new String(container.stdout().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, container.waitFor().exitCode());
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitLine(Container container) throws IOException {
        assertEquals("ready", lines(container).readLine());
    }

    private static BufferedReader lines(Container container) {
        return new BufferedReader(new InputStreamReader(container.stdout(), StandardCharsets.UTF_8));
    }
}
