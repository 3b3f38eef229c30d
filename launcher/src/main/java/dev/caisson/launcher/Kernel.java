package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.caisson.api.HostException;
import dev.caisson.program.Architecture;
import dev.caisson.program.Argument;
import dev.caisson.program.Constants;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** System calls in this process. Each returns the kernel's result, or the negative error number. Tests let single ones fail. */
class Kernel {

    private static final int LOWEST = 10;

    private final Architecture architecture;

    Kernel(Architecture architecture) {
        this.architecture = architecture;
        NativeCode.require();
    }

    Architecture architecture() {
        return architecture;
    }

    /** A system call by name, with numbers and addresses. */
    long call(String name, long... arguments) {
        long[] a = Arrays.copyOf(arguments, 6);
        long result = LibC.syscall(architecture.number(name), a[0], a[1], a[2], a[3], a[4], a[5]);
        return result == -1 ? -Native.getLastError() : result;
    }

    /** A system call as a launch program writes it, without results of earlier steps. */
    long call(Op.SystemCall call) {
        return call(call, new byte[0]);
    }

    /** The same, with what the kernel filled into the call's room. */
    long call(Op.SystemCall call, byte[] room) {
        List<Memory> held = new ArrayList<>();
        long[] arguments = call.arguments().stream()
                .mapToLong(argument -> place(argument, held))
                .toArray();
        long result = call(call.name(), arguments);
        if (room.length > 0) {
            long filled = arguments[indexOfRoom(call, room.length)];
            new Pointer(filled).read(0, room, 0, room.length);
        }
        held.forEach(Memory::close);
        return result;
    }

    private static int indexOfRoom(Op.SystemCall call, int size) {
        int index = call.arguments().indexOf(new Argument.Room(size));
        if (index < 0) {
            throw new IllegalArgumentException(call.name() + " has no room of " + size + " bytes to fill");
        }
        return index;
    }

    /** A call that fails only when something is wrong with this process or host; the error is an exception. */
    long require(String what, long result) {
        if (result < 0) {
            throw new HostException("launcher: " + what + ": " + Errno.describe((int) -result));
        }
        return result;
    }

    /** A new descriptor out of the way of those that a monitor is given, 0 to 4. */
    int high(String what, long descriptor) {
        int low = (int) require(what, descriptor);
        if (low >= LOWEST) {
            return low;
        }
        long moved = call("fcntl", low, constant("F_DUPFD_CLOEXEC"), LOWEST);
        close(low);
        return (int) require(what, moved);
    }

    int open(String path, String... flags) {
        try (Memory memory = string(path)) {
            long descriptor = call(
                    "openat",
                    constant("AT_FDCWD"),
                    Pointer.nativeValue(memory),
                    constant(flags) | constant("O_CLOEXEC"),
                    0666);
            return high("open " + path, descriptor);
        }
    }

    /** The two ends of a pipe: to read, to write. */
    int[] pipe() {
        try (Memory ends = new Memory(8)) {
            require("make a pipe", call("pipe2", Pointer.nativeValue(ends), constant("O_CLOEXEC")));
            return pair(ends);
        }
    }

    /** The two ends of a socket that keeps message boundaries. */
    int[] socketPair() {
        try (Memory ends = new Memory(8)) {
            long type = constant("SOCK_SEQPACKET", "SOCK_CLOEXEC");
            require("make a socket pair", call("socketpair", constant("AF_UNIX"), type, 0, Pointer.nativeValue(ends)));
            return pair(ends);
        }
    }

    void close(int descriptor) {
        call("close", descriptor);
    }

    long read(int descriptor, Memory buffer, long size) {
        long count;
        do {
            count = call("read", descriptor, Pointer.nativeValue(buffer), size);
        } while (count == -Errno.EINTR.number());
        return count;
    }

    long write(int descriptor, Pointer buffer, long size) {
        long count;
        do {
            count = call("write", descriptor, Pointer.nativeValue(buffer), size);
        } while (count == -Errno.EINTR.number());
        return count;
    }

    long constant(String... names) {
        return Constants.value(List.of(names), architecture);
    }

    static Memory string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }

    private int[] pair(Memory ends) {
        int first = ends.getInt(0);
        int second = ends.getInt(4);
        try {
            first = high("make a pair", first);
        } catch (RuntimeException e) {
            close(second);
            throw e;
        }
        try {
            return new int[] {first, high("make a pair", second)};
        } catch (RuntimeException e) {
            close(first);
            throw e;
        }
    }

    private long place(Argument argument, List<Memory> held) {
        if (argument instanceof Argument.Word word) {
            return word.value();
        } else if (argument instanceof Argument.Flags flags) {
            return Constants.value(flags.names(), architecture);
        } else if (argument instanceof Argument.Text text) {
            return hold(string(text.value()), held);
        } else if (argument instanceof Argument.Bytes bytes) {
            Memory memory = new Memory(Math.max(1, bytes.value().length));
            memory.write(0, bytes.value(), 0, bytes.value().length);
            return hold(memory, held);
        } else if (argument instanceof Argument.Room room) {
            Memory memory = new Memory(room.size());
            memory.clear();
            return hold(memory, held);
        } else if (argument instanceof Argument.Block block) {
            Memory memory = new Memory(8L * Math.max(1, block.words().size()));
            for (int i = 0; i < block.words().size(); i++) {
                memory.setLong(8L * i, place(block.words().get(i), held));
            }
            return hold(memory, held);
        }
        throw new IllegalArgumentException("a single system call has no results of earlier steps: " + argument);
    }

    private static long hold(Memory memory, List<Memory> held) {
        held.add(memory);
        return Pointer.nativeValue(memory);
    }
}
