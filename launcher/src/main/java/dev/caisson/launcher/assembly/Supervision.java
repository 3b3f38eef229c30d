package dev.caisson.launcher.assembly;

import dev.caisson.program.Op;
import java.time.Duration;
import java.util.Objects;

/**
 * Emits the monitor's life while the container runs: one ppoll(2) over a signalfd, the control socket and up to three timerfds.
 *
 * <pre>
 *   signal or a byte on the control socket   forward it; INT, QUIT and TERM also start the grace period, a second one kills
 *   end of file on the control socket        whoever started the container is gone: kill
 *   wall timer, grace timer                  kill
 *   processor timer                          read the clock; kill, or set the timer to what remains
 *   SIGCHLD                                  reap; done when it was the child
 * </pre>
 *
 * <p>The death of the JVM is learned from the socket, never from PR_SET_PDEATHSIG, which fires when the thread that spawned ends. The child
 * is signalled through its pidfd, as its pid may be somebody else's once it is reaped.
 */
final class Supervision {

    private static final int SIGINT = 2;
    private static final int SIGQUIT = 3;
    private static final int SIGTERM = 15;
    private static final int SIGCHLD = 17;
    private static final int WNOHANG = 1;
    private static final int CLOEXEC = 0x80000;
    private static final int CLOCK_MONOTONIC = 1;
    private static final long POLLIN = 1L << 32;

    // The places of the poll set.
    private static final int SIGNALS = 0;
    private static final int CONTROL = 1;
    private static final int WALL = 2;
    private static final int CPU = 3;
    private static final int GRACE = 4;
    private static final int PLACES = 5;

    private final Frame frame;
    private final Machine m;
    private final Memory memory;
    private final Op.Supervise op;
    private final Label failed;

    private final long pollSet;
    private final long pollIn;
    private final long signal;
    private final long stopping;
    private final Label loop = new Label();

    private Supervision(Frame frame, Op.Supervise op, Label failed) {
        this.frame = frame;
        this.m = frame.m;
        this.memory = frame.memory;
        this.op = op;
        this.failed = failed;
        long unused = 0xffffffffL | POLLIN; // the descriptor -1 is passed over
        pollSet = memory.words(unused, Frame.CONTROL | POLLIN, unused, unused, unused);
        pollIn = memory.words(POLLIN);
        signal = memory.word();
        stopping = memory.word();
    }

    /** Comes out with accumulator = 0 when the child has ended, or goes to {@code failed} with the accumulator as the error. */
    static void emit(Frame frame, Op.Supervise op, Label failed) {
        new Supervision(frame, op, failed).emit();
    }

    private void emit() {
        long everySignal = memory.words(-1);
        long signalInfo = memory.room(128);
        Label reap = new Label();
        Label onSignal = new Label();

        m.systemCall("signalfd4", Operand.of(-1), Operand.of(everySignal), Operand.of(8), Operand.of(CLOEXEC));
        m.branch(Condition.LESS, 0, failed);
        m.addWord(pollIn);
        m.store(place(SIGNALS));
        if (!op.wall().isZero()) {
            startTimer(WALL, op.wall(), failed);
        }
        if (!op.cpu().isZero()) {
            startTimer(CPU, op.cpu().dividedBy(op.processors()), failed);
        }

        m.bind(loop);
        m.systemCall("ppoll", Operand.of(pollSet), Operand.of(PLACES), Operand.of(0), Operand.of(0), Operand.of(0));
        m.branch(Condition.LESS, 0, loop); // EINTR: a stop and a continue

        when(SIGNALS, () -> {
            m.systemCall("read", descriptor(SIGNALS), Operand.of(signalInfo), Operand.of(128));
            m.branch(Condition.LESS, 0, loop);
            m.loadInt(signalInfo); // ssi_signo
            m.branch(Condition.EQUAL, SIGCHLD, reap);
            m.store(signal);
            m.jump(onSignal);
        });
        when(CONTROL, () -> {
            Label request = new Label();
            m.systemCall("read", Operand.of(Frame.CONTROL), Operand.of(signal), Operand.of(1));
            m.branch(Condition.GREATER, 0, request);
            disable(CONTROL);
            killFor(OutcomeLayout.BY_ORPHANING);
            m.bind(request);
            m.jump(onSignal);
        });
        if (!op.wall().isZero()) {
            when(WALL, () -> {
                disable(WALL);
                killFor(OutcomeLayout.BY_WALL);
            });
        }
        if (!op.cpu().isZero()) {
            when(CPU, this::checkProcessorTime);
        }
        when(GRACE, () -> {
            disable(GRACE);
            killFor(OutcomeLayout.BY_SIGNAL);
        });
        m.jump(loop);

        m.bind(onSignal);
        forward();

        m.bind(reap);
        reap();
        m.load(0);
    }

    /** Forwards the signal; a second request to end is answered with SIGKILL, as a person at a terminal expects. */
    private void forward() {
        Label request = new Label();
        Label again = new Label();
        for (int end : new int[] {SIGINT, SIGQUIT, SIGTERM, Frame.SIGKILL}) {
            m.loadWord(signal);
            m.branch(Condition.EQUAL, end, request);
        }
        sendSignal();
        m.jump(loop);

        m.bind(request);
        m.loadWord(stopping);
        m.branch(Condition.NOT_EQUAL, 0, again);
        m.set(stopping, 1);
        because(OutcomeLayout.BY_SIGNAL);
        sendSignal();
        startTimer(GRACE, op.grace(), again);
        m.jump(loop);
        m.bind(again);
        killFor(OutcomeLayout.BY_SIGNAL);
    }

    private void sendSignal() {
        m.systemCall(
                "pidfd_send_signal", Operand.word(frame.pidfd), Operand.word(signal), Operand.of(0), Operand.of(0));
    }

    /** The child's end is noted with its resource usage; others are orphans, which come here where there is no pid namespace. */
    private void reap() {
        long status = memory.word();
        Label next = new Label();
        m.bind(next);
        m.systemCall(
                "wait4",
                Operand.of(-1),
                Operand.of(status),
                Operand.of(WNOHANG),
                Operand.of(frame.outcome(OutcomeLayout.RUSAGE))); // the child's is the last
        m.branch(Condition.LESS_OR_EQUAL, 0, loop);
        m.branchWord(Condition.NOT_EQUAL, frame.pid, next);
        m.loadWord(status);
        m.store(frame.outcome(OutcomeLayout.STATUS));
    }

    /** Reads the first number of the clock's file; the container is killed as well when the clock cannot be read. */
    private void checkProcessorTime() {
        long expirations = memory.word();
        long descriptor = memory.word();
        long buffer = memory.room(64);
        long pointer = memory.word();
        long digit = memory.word();
        long used = memory.word();
        long limit = memory.words(nanoseconds(op.cpu()));
        Label skip = new Label();
        Label digits = new Label();
        Label counted = new Label();
        Label exceeded = new Label();

        m.systemCall("read", descriptor(CPU), Operand.of(expirations), Operand.of(8));
        frame.open(Operand.of(memory.string(Objects.requireNonNull(op.cpuClock()))), 0);
        m.branch(Condition.LESS, 0, exceeded);
        m.store(descriptor);
        m.systemCall("read", Operand.word(descriptor), Operand.of(buffer), Operand.of(63));
        m.store(used);
        frame.close(descriptor);
        m.loadWord(used);
        m.branch(Condition.LESS_OR_EQUAL, 0, exceeded);
        m.set(used, 0);
        m.set(pointer, buffer - 1);
        m.bind(skip); // what stands before the number, such as "usage_usec "
        nextByte(pointer);
        m.branch(Condition.EQUAL, -'0', exceeded); // the end of the text
        m.branch(Condition.LESS, 0, skip);
        m.branch(Condition.GREATER, 9, skip);
        m.bind(digits);
        m.store(digit);
        m.loadWord(used);
        m.multiply(10);
        m.addWord(digit);
        m.store(used);
        nextByte(pointer);
        m.branch(Condition.LESS, 0, counted);
        m.branch(Condition.LESS_OR_EQUAL, 9, digits);
        m.bind(counted);
        m.loadWord(used);
        m.multiply(op.cpuClockUnit());
        m.store(used);
        m.loadWord(limit);
        m.subtractWord(used);
        m.branch(Condition.LESS_OR_EQUAL, 0, exceeded);
        m.divide(op.processors(), digit);
        m.add(1_000_000); // so that the last nanoseconds do not make a busy loop
        armTimer(CPU);
        m.jump(loop);
        m.bind(exceeded);
        disable(CPU);
        killFor(OutcomeLayout.BY_CPU);
    }

    /** Accumulator = the byte behind the pointer's, less the digit zero. */
    private void nextByte(long pointer) {
        m.loadWord(pointer);
        m.add(1);
        m.store(pointer);
        m.loadByteAt();
        m.add(-'0');
    }

    private void when(int place, Runnable action) {
        Label not = new Label();
        m.loadWord(place(place));
        m.shiftRight(48); // revents
        m.branch(Condition.EQUAL, 0, not);
        action.run();
        m.bind(not);
    }

    private void disable(int place) {
        m.load(-1);
        m.shiftRight(32);
        m.addWord(pollIn);
        m.store(place(place));
    }

    private void killFor(int cause) {
        because(cause);
        frame.kill();
        m.jump(loop);
    }

    /** The first cause counts. */
    private void because(int cause) {
        Label known = new Label();
        m.loadWord(frame.outcome(OutcomeLayout.CAUSE));
        m.branch(Condition.NOT_EQUAL, 0, known);
        m.set(frame.outcome(OutcomeLayout.CAUSE), cause);
        m.bind(known);
    }

    private void startTimer(int place, Duration after, Label onError) {
        m.systemCall("timerfd_create", Operand.of(CLOCK_MONOTONIC), Operand.of(CLOEXEC));
        m.branch(Condition.LESS, 0, onError);
        m.addWord(pollIn);
        m.store(place(place));
        m.loadWord(memory.words(nanoseconds(after)));
        armTimer(place);
        m.branch(Condition.LESS, 0, onError);
    }

    /** Sets the place's timer to the accumulator, in nanoseconds. */
    private void armTimer(int place) {
        long when = memory.room(32); // struct itimerspec: no interval, then seconds and nanoseconds
        m.divide(1_000_000_000, when + 24);
        m.store(when + 16);
        m.systemCall("timerfd_settime", descriptor(place), Operand.of(0), Operand.of(when), Operand.of(0));
    }

    /** At least one, which is at once; at most what fits, which is never. */
    private static long nanoseconds(Duration duration) {
        return duration.toDays() > 365 * 250 ? Long.MAX_VALUE : Math.max(1, duration.toNanos());
    }

    private long place(int place) {
        return pollSet + 8L * place;
    }

    /** The place's word: its lower half is the descriptor, and the kernel takes no more of an int argument. */
    private Operand descriptor(int place) {
        return Operand.word(place(place));
    }
}
