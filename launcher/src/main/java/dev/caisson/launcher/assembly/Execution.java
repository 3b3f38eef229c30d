package dev.caisson.launcher.assembly;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import java.util.Map;
import java.util.TreeMap;

/** Emits the execve of the command, with the search through PATH unrolled: the candidates are known when the program is made. */
final class Execution {

    private Execution() {}

    /** Does not return when a candidate could be executed; else accumulator = the error, as execvp(3) chooses it. */
    static void emit(Frame frame, Op.Exec op) {
        Machine m = frame.m;
        long arguments = vector(frame.memory, op.arguments().toArray(String[]::new));
        Map<String, String> sorted = new TreeMap<>(op.environment());
        long environment = vector(
                frame.memory,
                sorted.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toArray(String[]::new));
        long denied = frame.memory.word();
        Label end = new Label();
        for (String candidate : op.candidates()) {
            Label next = new Label();
            Label notDenied = new Label();
            m.systemCall(
                    "execve",
                    Operand.of(frame.memory.string(candidate)),
                    Operand.of(arguments),
                    Operand.of(environment));
            m.branch(Condition.EQUAL, -Errno.ENOENT.number(), next);
            m.branch(Condition.EQUAL, -Errno.ENOTDIR.number(), next);
            m.branch(Condition.NOT_EQUAL, -Errno.EACCES.number(), notDenied);
            m.store(denied);
            m.jump(next);
            m.bind(notDenied);
            m.jump(end);
            m.bind(next);
        }
        m.loadWord(denied);
        m.branch(Condition.NOT_EQUAL, 0, end);
        m.load(-Errno.ENOENT.number());
        m.bind(end);
    }

    private static long vector(Memory memory, String[] strings) {
        long[] addresses = new long[strings.length + 1];
        for (int i = 0; i < strings.length; i++) {
            addresses[i] = memory.string(strings[i]);
        }
        return memory.words(addresses);
    }
}
