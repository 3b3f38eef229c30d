package dev.caisson.engine;

import dev.caisson.api.HostException;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;

/** A step of the launch failed; nothing of the container is left. */
public final class LaunchException extends HostException {

    private static final long serialVersionUID = 1L;

    private final int errno;
    private final boolean execution;

    LaunchException(LaunchProgram program, int step, int errno) {
        super(message(program, step, errno));
        this.errno = errno;
        this.execution = program.line(step).step().op() instanceof Op.Exec;
    }

    /** The exit code that users of containers expect: 127 when the command was not found, 126 when it could not be executed, else 125. */
    public int exitCode() {
        if (!execution) {
            return 125;
        }
        return errno == Errno.ENOENT.number() || errno == Errno.ENOTDIR.number() ? 127 : 126;
    }

    /** {@code namespaces, step 14 of 31: mount proc on /proc: EPERM (Operation not permitted); what would help}. */
    static String message(LaunchProgram program, int step, int errno) {
        LaunchProgram.Line line = program.line(step);
        String hint = Errno.of(errno)
                .map(line.step().hints()::get)
                .map(help -> "; " + help)
                .orElse("");
        return line.backend() + ", step " + step + " of " + program.size() + ": "
                + line.step().description() + ": " + Errno.describe(errno) + hint;
    }
}
