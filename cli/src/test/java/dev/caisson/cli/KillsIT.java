package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.CaissonException;
import dev.caisson.engine.Caisson;
import dev.caisson.engine.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody is killed while a container runs: the command, the monitor, both, pid 1. */
class KillsIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    private final List<ProcessHandle> container = new ArrayList<>();

    /** The monitor sees that it is alone, ends the container and tears down. */
    @ParameterizedTest
    @ValueSource(strings = {"hello", "chroot"})
    void theCommandLine(String example) {
        Running running = start(example);

        Running.signal("KILL", running.pid());

        assertEquals(137, running.end().exit());
        awaitDeath(container);
        if (example.equals("chroot")) {
            // What was copied waits in the trash for somebody with the time to delete it.
            assertTrue(BED.caisson("gc", "--dry-run").out().matches("\\S+/trash/chroot-\\w+: trash\n"));
            BED.caisson("gc");
        }
        assertNothingLeft();
    }

    /** The container dies with it; what it would have removed is found by its record. */
    @ParameterizedTest
    @ValueSource(strings = {"hello", "chroot"})
    void theMonitor(String example) {
        Running running = start(example);
        long monitor = running.monitor().pid();

        Running.signal("KILL", monitor);

        Run run = running.end();
        assertEquals(125, run.exit(), run.toString());
        assertEquals(
                "caisson: launcher: the monitor (process " + monitor + ") died without telling how the container ended;"
                        + " caisson gc removes what it left\n",
                run.err());
        awaitDeath(container);
        assertNotEquals("", BED.caisson("gc", "--dry-run").out());
        assertEquals(0, BED.caisson("gc").exit());
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "chroot"})
    void bothAndTheNextRunRemovesTheRest(String example) {
        Running running = start(example);
        long monitor = running.monitor().pid();

        Running.signal("KILL", running.pid(), monitor);

        running.end();
        awaitDeath(container);
        assertNotEquals("", BED.caisson("gc", "--dry-run").out());
        assertEquals(0, BED.caisson("run", TestBed.example(example)).exit());
        assertNothingLeft();
    }

    /** Without a pid namespace, what has left its session outlives the monitor; recovery ends it by its cgroup. */
    @Test
    void theMonitorOfAContainerWithDaemons() {
        Running running = BED.start(
                "run", TestBed.example("chroot"), "--", "sh", "-c", "(sleep 1000 &) ; echo ready; exec sleep 1000");
        running.awaitOutput("ready");
        Waiting.until("two sleeping processes", () -> running.below().size() >= 3);
        container.addAll(running.below());

        Running.signal("KILL", running.monitor().pid());
        running.signal("KILL");

        BED.caisson("gc");
        awaitDeath(container);
        assertNothingLeft();
    }

    @Test
    void pid1() {
        Running running = start("hello");
        ProcessHandle pid1 = running.monitor().children().findFirst().orElseThrow();

        Running.signal("KILL", pid1.pid());

        assertEquals(new Run(137, "ready\n", ""), running.end());
        assertNothingLeft();
    }

    /** Frozen, it neither ends nor reacts, until it is killed. */
    @Test
    void aStoppedContainer() {
        Running running = start("hello", "--set", "timeouts.grace=500ms");
        container.forEach(process -> {
            if (process.pid() != running.monitor().pid()) {
                Running.signal("STOP", process.pid());
            }
        });

        running.signal("TERM");

        assertEquals(new Run(137, "ready\n", ""), running.end());
        assertNothingLeft();
    }

    /** At any moment of its start and of its end. */
    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "chroot"})
    void theMonitorAtAnyTime(String isolator) {
        Caisson caisson = BED.open();
        var profile = TestBed.shell("true").isolator(isolator).build();
        caisson.start(profile).close();
        int killed = 0;
        for (int i = 0; i < 60; i++) {
            CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> {
                try (Container started = caisson.start(profile)) {
                    return started.waitFor().exitCode();
                }
            });
            while (!exit.isDone()
                    && ProcessHandle.current().children().findAny().isEmpty()) {
                Thread.onSpinWait();
            }
            pause(i * 100_000L);
            killed += (int) ProcessHandle.current()
                    .children()
                    .filter(ProcessHandle::destroyForcibly)
                    .count();
            try {
                assertEquals(0, exit.join());
            } catch (CompletionException e) {
                assertTrue(e.getCause() instanceof CaissonException, e.toString());
            }
            assertEquals(List.of(), caisson.recover());
            assertEquals(List.of(), caisson.leftovers());
        }
        assertTrue(killed >= 10, "killed " + killed + " times");
        assertNothingLeft();
    }

    private Running start(String example, String... options) {
        List<String> arguments = new ArrayList<>(List.of("run", TestBed.example(example)));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--", "sh", "-c", "echo ready; exec sleep 1000"));
        Running running = BED.start(arguments.toArray(String[]::new));
        running.awaitOutput("ready");
        container.addAll(running.below());
        assertTrue(container.size() >= 2, "monitor and command: " + container);
        return running;
    }

    private static void awaitDeath(List<ProcessHandle> processes) {
        Waiting.until("the end of " + processes, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static void assertNothingLeft() {
        BED.assertNothingLeft();
        assertEquals(List.of(), BED.open().leftovers());
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
