package dev.caisson.launcher;

import static dev.caisson.launcher.ProgramBuilder.closeOnExec;
import static dev.caisson.launcher.ProgramBuilder.exec;
import static dev.caisson.launcher.ProgramBuilder.unblock;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ManyLaunchesTest {

    @Test
    @Timeout(120)
    void fromManyThreadsAllEndAndLeaveNothing() throws Exception {
        Leftovers before = Leftovers.now();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Launcher launcher = new Launcher()) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int number = i;
                runs.add(threads.submit(() -> {
                    run(launcher, number);
                    return null;
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdown();
        }
        before.assertNothingMore();
    }

    private static void run(Launcher launcher, int number) throws Exception {
        boolean killed = number % 5 == 0;
        String script = killed
                ? "exec sleep 1000"
                : "sleep 0.0" + new Random(number).nextInt(10) + "; echo " + number + "; exit " + number % 100;
        Launch launch = launcher.start(
                new ProgramBuilder()
                        .supervised()
                        .child(closeOnExec(), unblock(), exec("sh", "-c", script))
                        .program(),
                Streams.PIPES);
        if (number % 2 == 0) {
            assertEquals(Optional.empty(), launch.awaitStart());
        }
        if (killed) {
            launch.signal(9);
            assertEquals(9, launch.onExit().get(60, TimeUnit.SECONDS).status());
        } else {
            assertEquals(number + "\n", new String(launch.stdout().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(
                    number % 100 << 8, launch.onExit().get(60, TimeUnit.SECONDS).status());
        }
        launch.stdin().close();
        launch.stdout().close();
        launch.stderr().close();
    }
}
