package dev.caisson.launcher;

import static dev.caisson.launcher.ProgramBuilder.closeOnExec;
import static dev.caisson.launcher.ProgramBuilder.exec;
import static dev.caisson.launcher.ProgramBuilder.unblock;
import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.pair;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.program.Argument;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hands a terminal over, and uses it. */
@Timeout(60)
class TerminalTest {

    @Test
    void aTerminalComesOverTheStatusSocket() throws Exception {
        Leftovers before = Leftovers.now();
        try (Launcher launcher = new Launcher()) {
            Launch launch = launcher.start(
                    program(
                            "read line; echo \"<$line>\"; trap 'stty size; exit 4' WINCH; echo ready; while :; do sleep 0.01; done"),
                    Streams.DISCARD);
            assertEquals(Optional.empty(), launch.awaitStart());
            Terminal terminal = launch.terminal().orElseThrow();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(terminal.output(), StandardCharsets.UTF_8));
            terminal.input().write("word\n".getBytes(StandardCharsets.UTF_8));
            assertEquals("word", output.readLine(), "the echo");
            assertEquals("<word>", output.readLine());
            assertEquals("ready", output.readLine());
            terminal.resize(new WindowSize(11, 22));
            assertEquals("11 22", output.readLine());
            assertEquals(null, output.readLine());
            assertEquals(4 << 8, launch.onExit().get(10, TimeUnit.SECONDS).status());

            terminal.input().close();
            assertThrows(IOException.class, () -> terminal.output().read());
            terminal.resize(new WindowSize(1, 1)); // too late, and harmless
            terminal.close();
        }
        before.assertNothingMore();
    }

    @Test
    void aTerminalIsThereAfterTheEndToo() throws Exception {
        try (Launcher launcher = new Launcher()) {
            Launch launch = launcher.start(program("echo last words"), Streams.DISCARD);
            assertEquals(0, launch.onExit().get(10, TimeUnit.SECONDS).status());
            try (Terminal terminal = launch.terminal().orElseThrow()) {
                assertEquals("last words\r\n", new String(terminal.output().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    private static LaunchProgram program(String script) {
        Argument control = block(number(20), pair(1, 1), result("master")); // SOL_SOCKET, SCM_RIGHTS
        Argument message =
                block(NULL, number(0), block(text("t"), number(1)), number(1), control, number(24), number(0));
        return new ProgramBuilder()
                .supervised()
                .child(
                        Step.of(
                                        "make a terminal",
                                        Op.call(
                                                "openat",
                                                CWD,
                                                text("/dev/ptmx"),
                                                flags("O_RDWR", "O_NOCTTY"),
                                                number(0)))
                                .naming("master"),
                        Step.of("unlock it", Op.call("ioctl", result("master"), flags("TIOCSPTLCK"), block(number(0)))),
                        Step.of(
                                        "open its other side",
                                        Op.call(
                                                "ioctl",
                                                result("master"),
                                                flags("TIOCGPTPEER"),
                                                flags("O_RDWR", "O_NOCTTY")))
                                .naming("side"),
                        Step.of("hand it over", Op.call("sendmsg", number(4), message, flags("MSG_NOSIGNAL"))),
                        Step.of("make a session", Op.call("setsid")),
                        Step.of("have it", Op.call("ioctl", result("side"), flags("TIOCSCTTY"), number(0))),
                        Step.of("read from it", Op.call("dup3", result("side"), number(0), number(0))),
                        Step.of("write to it", Op.call("dup3", result("side"), number(1), number(0))),
                        closeOnExec(),
                        unblock(),
                        exec("sh", "-c", script))
                .program();
    }
}
