package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.caisson.api.HostException;
import dev.caisson.launcher.Outcome.StepFailure;
import dev.caisson.launcher.assembly.OutcomeLayout;
import dev.caisson.program.Errno;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A monitor process, through its two sockets. */
final class Monitor implements Launch {

    /** Room for one message of the status socket: a report of sixteen bytes, and one descriptor in a control message. */
    private static final int REPORT_SIZE = 16;

    private static final int CONTROL_MESSAGE_SIZE = 24;

    private final Kernel kernel;
    private final OutcomeLayout layout;
    private final long pid;
    private final int control;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private final CompletableFuture<Outcome> exit = new CompletableFuture<>();

    private int status; // -1 once it has told all
    private Optional<StepFailure> startFailure = Optional.empty();
    private @Nullable PseudoTerminal terminal;
    private boolean controlClosed;

    Monitor(
            Kernel kernel,
            OutcomeLayout layout,
            long pid,
            int control,
            int status,
            OutputStream stdin,
            InputStream stdout,
            InputStream stderr) {
        this.kernel = kernel;
        this.layout = layout;
        this.pid = pid;
        this.control = control;
        this.status = status;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    @Override
    public long monitorPid() {
        return pid;
    }

    @Override
    public synchronized Optional<StepFailure> awaitStart() {
        while (status >= 0) {
            receive();
        }
        return startFailure;
    }

    @Override
    public CompletableFuture<Outcome> onExit() {
        return exit;
    }

    @Override
    public void signal(int number) {
        if (number < 1 || number > 64) {
            throw new IllegalArgumentException("not a signal: " + number);
        }
        synchronized (exit) {
            if (!controlClosed) {
                try (Memory message = new Memory(1)) {
                    message.setByte(0, (byte) number);
                    kernel.call(
                            "sendto",
                            control,
                            Pointer.nativeValue(message),
                            1,
                            kernel.constant("MSG_NOSIGNAL"),
                            0,
                            0); // EPIPE when it has just ended
                }
            }
        }
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return stderr;
    }

    @Override
    public synchronized Optional<Terminal> terminal() {
        return Optional.ofNullable(terminal);
    }

    int control() {
        return control;
    }

    /** Called when the control socket can be read: the monitor has told its outcome, or has died without. */
    void finish() {
        try (Memory message = new Memory(layout.size())) {
            long size = kernel.read(control, message, layout.size());
            synchronized (exit) {
                controlClosed = true;
                kernel.close(control);
            }
            reap();
            if (size == layout.size()) {
                exit.complete(OutcomeReader.read(layout, message.getByteBuffer(0, size)));
            } else {
                exit.completeExceptionally(new HostException("launcher: the monitor (process " + pid
                        + ") died without telling how the container ended; caisson gc removes what it left"));
            }
        } catch (RuntimeException | Error e) {
            exit.completeExceptionally(e);
        }
    }

    /** Takes the monitor's exit status, which ends the process for good; it exits right after its outcome. */
    private void reap() {
        try (Memory info = new Memory(128)) {
            long result;
            do {
                result = kernel.call("wait4", pid, Pointer.nativeValue(info), 0, 0);
            } while (result == -Errno.EINTR.number());
        }
    }

    /** One message of the status socket: a failure, a terminal, or the end. */
    private void receive() {
        try (Memory memory = new Memory(REPORT_SIZE + 16 + 56 + CONTROL_MESSAGE_SIZE)) {
            memory.clear();
            Pointer report = memory.share(0);
            Pointer vector = memory.share(REPORT_SIZE);
            Pointer header = memory.share(REPORT_SIZE + 16);
            Pointer controlMessage = memory.share(REPORT_SIZE + 16 + 56);
            vector.setPointer(0, report); // struct iovec
            vector.setLong(8, REPORT_SIZE);
            header.setPointer(16, vector); // struct msghdr
            header.setLong(24, 1);
            header.setPointer(32, controlMessage);
            header.setLong(40, CONTROL_MESSAGE_SIZE);
            long size = kernel.call("recvmsg", status, Pointer.nativeValue(header), 0x40000000); // MSG_CMSG_CLOEXEC
            if (size == -Errno.EINTR.number()) {
                return;
            }
            if (size == REPORT_SIZE) {
                startFailure = Optional.of(new StepFailure((int) report.getLong(0), (int) report.getLong(8)));
            }
            if (size > 0 && header.getLong(40) >= 20) { // cmsg_len of one descriptor
                terminal = new PseudoTerminal(kernel, controlMessage.getInt(16));
            }
            if (size <= 0 || startFailure.isPresent()) {
                kernel.close(status);
                status = -1;
            }
        }
    }
}
