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
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SHUT_RDWR = 2;

    private final Kernel kernel;
    private final OutcomeLayout layout;
    private final long pid;
    private final Descriptor control;
    private final Descriptor status;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private final CompletableFuture<Outcome> exit = new CompletableFuture<>();

    // What the status socket has told, guarded by this.
    private boolean started;
    private Optional<StepFailure> startFailure = Optional.empty();
    private @Nullable PseudoTerminal terminal;

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
        this.control = new Descriptor(kernel, control);
        this.status = new Descriptor(kernel, status);
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
        while (!started) {
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
        try (Memory message = new Memory(1)) {
            message.setByte(0, (byte) number);
            // EPIPE when it has just ended; EAGAIN when it takes none now, and has several to do already.
            control.use(socket ->
                    kernel.call("sendto", socket, Pointer.nativeValue(message), 1, MSG_NOSIGNAL | MSG_DONTWAIT, 0, 0));
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

    Descriptor control() {
        return control;
    }

    /** Called when the control socket can be read: the monitor has told its outcome, or has died without. */
    void finish() {
        try (Memory message = new Memory(layout.size())) {
            long size = readOutcome(message);
            control.close();
            status.use(socket -> kernel.call("shutdown", socket, SHUT_RDWR)); // ends a wait for the start
            awaitStart();
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

    private long readOutcome(Memory message) {
        long size;
        do { // ECONNRESET comes once, and first, when the monitor ends without having taken the last signals
            size = control.use(socket -> kernel.read(socket, message, layout.size()));
        } while (size == -Errno.ECONNRESET.number());
        return size;
    }

    /** Takes the monitor's exit status, which ends the process for good; it exits right after its outcome. */
    void reap() {
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
            long size =
                    status.use(socket -> kernel.call("recvmsg", socket, Pointer.nativeValue(header), MSG_CMSG_CLOEXEC));
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
                started = true;
                status.close();
            }
        }
    }
}
