package dev.caisson.launcher.assembly;

/** The words that every launch program has, and the short pieces of code over them that several routines need. */
final class Frame {

    static final int CONTROL = 3;
    static final int STATUS_SOCKET = 4;
    static final int SIGKILL = 9;
    static final int FUTEX_WAIT = 0;
    static final int FUTEX_WAKE = 1;

    final Machine m;
    final Memory memory;

    /** The number of the step that this process is at. */
    final long currentStep;

    /** A step and its error, as the status socket carries them. */
    final long report;

    /** The outcome, as {@link OutcomeLayout} says. */
    final long outcome;

    final long pid;
    final long pidfd;

    /** The monitor's own pid. */
    final long monitor;

    /** The gate: a robust futex that the monitor owns. */
    final long gate;

    /** The robust list's one entry. */
    final long gateEntry;

    /** The step and the error of a child that failed, for the monitor. */
    final long childFailedStep;

    final long childFailedError;

    /** Whether the command has ended, and its wait status, told by pid 1. */
    final long commandEnded;

    final long commandStatus;

    /** Whether pid 1 has locked itself up. */
    final long initReady;

    Frame(Machine m, Memory memory, OutcomeLayout layout, String pidResult, String pidfdResult) {
        this.m = m;
        this.memory = memory;
        currentStep = memory.word();
        report = memory.room(16);
        outcome = memory.room(layout.size());
        pid = memory.define(pidResult, false);
        pidfd = memory.define(pidfdResult, false);
        monitor = memory.word();
        gateEntry = memory.sharedWord();
        gate = memory.sharedWord();
        childFailedStep = memory.sharedWord();
        childFailedError = memory.sharedWord();
        commandEnded = memory.sharedWord();
        commandStatus = memory.sharedWord();
        initReady = memory.sharedWord();
    }

    /** The address of a word of the outcome. */
    long outcome(int index) {
        return outcome + 8L * index;
    }

    /** Accumulator = 0 - accumulator. */
    void negate() {
        long value = memory.word();
        m.store(value);
        m.load(0);
        m.subtractWord(value);
    }

    /** Tells whoever started the launch of a failure: the current step, and the accumulator as a negative error number. */
    void sendReport() {
        negate();
        m.store(report + 8);
        m.loadWord(currentStep);
        m.store(report);
        m.systemCall("write", Operand.of(STATUS_SOCKET), Operand.of(report), Operand.of(16));
    }

    void kill() {
        m.systemCall("pidfd_send_signal", Operand.word(pidfd), Operand.of(SIGKILL), Operand.of(0), Operand.of(0));
    }

    void exit(int status) {
        m.systemCall("exit_group", Operand.of(status));
    }

    /** Accumulator = an open descriptor for reading or writing (0 or 1), closed on execve; or an error. */
    void open(Operand path, int mode) {
        m.systemCall("openat", Operand.of(-100), path, Operand.of(0x80000 | mode), Operand.of(0));
    }

    void close(long descriptor) {
        m.systemCall("close", Operand.word(descriptor));
    }

    void clock(long timespec) {
        m.systemCall("clock_gettime", Operand.of(1), Operand.of(timespec));
    }
}
