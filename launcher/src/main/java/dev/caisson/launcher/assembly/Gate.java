package dev.caisson.launcher.assembly;

import dev.caisson.program.Errno;

/**
 * Emits the gate between monitor and child: a robust futex in the shared page.
 *
 * <p>The futex's word holds the monitor's thread id, with FUTEX_WAITERS while the gate is closed. When the monitor dies, however it dies,
 * the kernel sets FUTEX_OWNER_DIED in it and wakes the child: so a child never waits for a dead monitor, and can see at any time whether
 * there still is one. A pipe would not do, as the child may share the monitor's descriptors while it waits.
 */
final class Gate {

    private static final long WAITERS = 0x80000000L;
    private static final long OWNER_DIED = 0x40000000L;
    private static final int CLONE_FILES = 0x400;

    private Gate() {}

    /** In the monitor, before anything else: takes ownership. */
    static void prepare(Frame frame, boolean closed) {
        Machine m = frame.m;
        m.systemCall("gettid");
        m.store(frame.monitor);
        if (closed) {
            m.addWord(frame.memory.words(WAITERS));
        }
        m.store(frame.gate);
        long head = frame.memory.words(frame.gateEntry, frame.gate - frame.gateEntry, 0);
        m.set(frame.gateEntry, head);
        m.systemCall("set_robust_list", Operand.of(head), Operand.of(24));
    }

    /**
     * Leaves the child alone with the descriptors that they have shared, then lets it go: whatever either closes from here on, the other keeps.
     */
    static void open(Frame frame) {
        Machine m = frame.m;
        Label end = new Label();
        m.systemCall("unshare", Operand.of(CLONE_FILES));
        m.branch(Condition.LESS, 0, end);
        m.fence(); // the results of earlier steps are in the shared page before the gate is open
        m.loadWord(frame.monitor);
        m.store(frame.gate);
        m.systemCall("futex", Operand.of(frame.gate), Operand.of(Frame.FUTEX_WAKE), Operand.of(1));
        m.bind(end);
    }

    /** Accumulator = 0 once the gate is open, ESRCH if the monitor has died. */
    static void await(Frame frame) {
        Machine m = frame.m;
        long seen = frame.memory.word();
        Label again = new Label();
        Label dead = new Label();
        Label end = new Label();
        m.bind(again);
        m.loadInt(frame.gate);
        m.store(seen);
        m.fence();
        m.and(OWNER_DIED);
        m.branch(Condition.NOT_EQUAL, 0, dead);
        m.loadWord(seen);
        m.shiftRight(31);
        m.branch(Condition.EQUAL, 0, end);
        m.systemCall("futex", Operand.of(frame.gate), Operand.of(Frame.FUTEX_WAIT), Operand.word(seen), Operand.of(0));
        m.jump(again);
        m.bind(dead);
        m.load(-Errno.ESRCH.number());
        m.bind(end);
    }
}
