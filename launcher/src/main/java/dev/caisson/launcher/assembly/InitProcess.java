package dev.caisson.launcher.assembly;

import dev.caisson.program.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Emits pid 1: forks the command off, then reaps, passes signals on, and ends as the command does.
 *
 * <p>It has the credentials that the command has, closes every descriptor, cannot be dumped or traced by its equals, and locks itself into
 * a seccomp filter that leaves it five calls. So whoever gets hold of it gains nothing: and nobody does before it has done all that, as the
 * command waits for it. All signals are blocked in it and taken with rt_sigtimedwait(2): a blocked signal reaches pid 1 even where it has
 * no handler.
 */
final class InitProcess {

    private static final int SIGCHLD = 17;
    private static final int WNOHANG = 1;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_SET_MODE_FILTER = 1;

    private InitProcess() {}

    /** In the command to be, accumulator = 0 and the code goes on; pid 1 does not come out of here, except with an error. */
    static void emit(Frame frame) {
        Machine m = frame.m;
        Memory memory = frame.memory;
        long arguments = memory.words(0, 0, 0, 0, SIGCHLD, 0, 0, 0);
        long command = memory.word();
        long signal = memory.word();
        long error = memory.word();
        long everySignal = memory.words(-1);
        byte[] filter = filter(m.architecture());
        long program = memory.words(filter.length / 8, memory.bytes(filter));
        Label end = new Label();
        Label wait = new Label();
        Label reap = new Label();
        Label inCommand = new Label();
        Label abandon = new Label();

        m.systemCall("prctl", Operand.of(PR_SET_DUMPABLE), Operand.of(0), Operand.of(0), Operand.of(0), Operand.of(0));
        m.branch(Condition.LESS, 0, end);
        m.systemCall("clone3", Operand.of(arguments), Operand.of(64));
        m.branch(Condition.EQUAL, 0, inCommand);
        m.branch(Condition.LESS, 0, end);
        m.store(command);
        m.systemCall("close_range", Operand.of(0), Operand.of(0xffffffffL), Operand.of(0));
        m.branch(Condition.LESS, 0, abandon);
        m.systemCall(
                "prctl", Operand.of(PR_SET_NO_NEW_PRIVS), Operand.of(1), Operand.of(0), Operand.of(0), Operand.of(0));
        m.branch(Condition.LESS, 0, abandon);
        m.systemCall("seccomp", Operand.of(SECCOMP_SET_MODE_FILTER), Operand.of(0), Operand.of(program));
        m.branch(Condition.LESS, 0, abandon);
        m.set(frame.initReady, 1);
        m.systemCall("futex", Operand.of(frame.initReady), Operand.of(Frame.FUTEX_WAKE), Operand.of(1));

        m.bind(wait);
        m.systemCall("rt_sigtimedwait", Operand.of(everySignal), Operand.of(0), Operand.of(0), Operand.of(8));
        m.branch(Condition.LESS_OR_EQUAL, 0, wait);
        m.branch(Condition.EQUAL, SIGCHLD, reap);
        m.store(signal);
        m.systemCall("kill", Operand.word(command), Operand.word(signal));
        m.jump(wait);

        m.bind(reap);
        m.systemCall("wait4", Operand.of(-1), Operand.of(frame.commandStatus), Operand.of(WNOHANG), Operand.of(0));
        m.branch(Condition.LESS_OR_EQUAL, 0, wait);
        m.branchWord(Condition.NOT_EQUAL, command, reap);
        m.set(frame.commandEnded, 1);
        exitLike(frame, frame.commandStatus);

        m.bind(abandon); // a command without its pid 1 must not run
        m.store(error);
        m.systemCall("kill", Operand.word(command), Operand.of(Frame.SIGKILL));
        m.loadWord(error);
        m.jump(end);

        m.bind(inCommand);
        m.systemCall("futex", Operand.of(frame.initReady), Operand.of(Frame.FUTEX_WAIT), Operand.of(0), Operand.of(0));
        m.loadWord(frame.initReady);
        m.branch(Condition.EQUAL, 0, inCommand);
        m.load(0);
        m.bind(end);
    }

    /** Exits with the code that a shell gives to a wait status: the exit code, or 128 and the signal. */
    private static void exitLike(Frame frame, long status) {
        Machine m = frame.m;
        long code = frame.memory.word();
        Label exit = new Label();
        m.loadWord(status);
        m.and(0x7f);
        m.add(128);
        m.store(code);
        m.branch(Condition.NOT_EQUAL, 128, exit);
        m.loadWord(status);
        m.shiftRight(8);
        m.and(0xff);
        m.store(code);
        m.bind(exit);
        m.systemCall("exit_group", Operand.word(code));
    }

    /** As BPF: the architecture is ours and the number one of the five, or the process is killed. See seccomp(2). */
    private static byte[] filter(Architecture architecture) {
        String[] allowed = {"rt_sigtimedwait", "wait4", "kill", "exit_group", "futex"};
        ByteBuffer filter = ByteBuffer.allocate(8 * (5 + allowed.length)).order(ByteOrder.LITTLE_ENDIAN);
        instruction(filter, 0x20, 0, 0, 4); // load the architecture
        instruction(filter, 0x15, 0, 1 + allowed.length, architecture.auditNumber()); // or go to kill
        instruction(filter, 0x20, 0, 0, 0); // load the number
        for (int i = 0; i < allowed.length; i++) {
            instruction(filter, 0x15, allowed.length - i, 0, architecture.number(allowed[i])); // go to allow
        }
        instruction(filter, 0x06, 0, 0, 0x80000000); // kill the process
        instruction(filter, 0x06, 0, 0, 0x7fff0000); // allow
        return filter.array();
    }

    private static void instruction(ByteBuffer filter, int code, int ifTrue, int ifFalse, int value) {
        filter.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
    }
}
