package dev.caisson.engine.process;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.pair;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;
import static dev.caisson.program.Argument.word;

import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.api.ProcessSpec;
import dev.caisson.launcher.WindowSize;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.Optional;

/**
 * The command's session, terminal, working directory and umask.
 *
 * <p>Always a session of its own: in the caller's, the container could push input into the caller's terminal (TIOCSTI). The terminal is a
 * pty(7) of the container's own devpts, whose master is handed over the status socket with SCM_RIGHTS, see unix(7).
 */
public final class Session {

    private static final int STATUS_SOCKET = 4;

    private Session() {}

    public static Contribution contribute(ProcessSpec process, Optional<WindowSize> window) {
        Contribution.Builder steps = Contribution.builder();
        steps.child(Phase.SESSION, Step.of("make a session", Op.call("setsid")));
        if (process.tty()) {
            terminal(steps, window);
        }
        Argument last = word(0xffffffffL, "~0");
        steps.child(
                Phase.SESSION,
                Step.of("go to " + process.workingDirectory(), Op.call("chdir", text(process.workingDirectory())))
                        .hint(Errno.ENOENT, "make the directory in a layer, or choose another cwd")
                        .hint(Errno.EACCES, "the container's user may not go there"),
                Step.of("set the umask", Op.call("umask", mode(process.umask()))),
                Step.of(
                        "leave no descriptor to the command but its streams",
                        Op.call("close_range", number(3), last, flags("CLOSE_RANGE_CLOEXEC"))),
                Step.of(
                        "let signals through",
                        Op.call("rt_sigprocmask", flags("SIG_SETMASK"), block(number(0)), NULL, number(8))));
        return steps.build();
    }

    private static void terminal(Contribution.Builder steps, Optional<WindowSize> window) {
        steps.child(
                Phase.SESSION,
                Step.of(
                                "make a terminal",
                                Op.call(
                                        "openat",
                                        CWD,
                                        text("/dev/pts/ptmx"),
                                        flags("O_RDWR", "O_NOCTTY", "O_CLOEXEC"),
                                        number(0)))
                        .naming("terminal"),
                Step.of("unlock it", Op.call("ioctl", result("terminal"), flags("TIOCSPTLCK"), block(number(0)))),
                Step.of(
                                "open its other side",
                                Op.call(
                                        "ioctl",
                                        result("terminal"),
                                        flags("TIOCGPTPEER"),
                                        flags("O_RDWR", "O_NOCTTY", "O_CLOEXEC")))
                        .naming("terminal side"));
        // Here rather than by whoever gets the master: the command must not see another size first.
        window.ifPresent(size -> steps.child(
                Phase.SESSION,
                Step.of(
                        "give it " + size.rows() + " rows and " + size.columns() + " columns",
                        Op.call(
                                "ioctl",
                                result("terminal"),
                                flags("TIOCSWINSZ"),
                                block(word(
                                        size.rows() | (long) size.columns() << 16,
                                        "{" + size.rows() + ", " + size.columns() + "}"))))));
        steps.child(
                Phase.SESSION,
                Step.of(
                        "hand the terminal over",
                        Op.call("sendmsg", number(STATUS_SOCKET), message("terminal"), flags("MSG_NOSIGNAL"))),
                Step.of(
                        "let the session have it",
                        Op.call("ioctl", result("terminal side"), flags("TIOCSCTTY"), number(0))),
                Step.of("read from it", Op.call("dup3", result("terminal side"), number(0), number(0))),
                Step.of("write to it", Op.call("dup3", result("terminal side"), number(1), number(0))),
                Step.of("write errors to it", Op.call("dup3", result("terminal side"), number(2), number(0))));
    }

    /** A struct msghdr with one byte and one descriptor. */
    private static Argument message(String descriptor) {
        Argument control = block(
                number(20), pair(1, 1), result(descriptor)); // cmsg_len, SOL_SOCKET and SCM_RIGHTS, the descriptor
        return block(NULL, number(0), block(text("t"), number(1)), number(1), control, number(24), number(0));
    }
}
