package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.caisson.api.HostException;
import dev.caisson.program.Errno;
import java.util.Map;

/**
 * Starts executables with posix_spawn(3), all in the same way: default signals, none blocked, a session of its own, one argument and no
 * environment.
 */
final class Spawner {

    private static final int SIGNAL_SET_SIZE = 128;

    // What is the same for each; held for as long as this, since the C library keeps no copies.
    private final Memory attributes = new Memory(LibC.SPAWN_OBJECT_SIZE);
    private final Memory name = Kernel.string("caisson");
    private final Memory arguments = new Memory(2L * Native.POINTER_SIZE);

    Spawner() {
        try (Memory none = new Memory(SIGNAL_SET_SIZE);
                Memory all = new Memory(SIGNAL_SET_SIZE)) {
            none.clear();
            all.setMemory(0, SIGNAL_SET_SIZE, (byte) 0xff);
            LibC.posix_spawnattr_init(attributes);
            LibC.posix_spawnattr_setsigmask(attributes, none);
            LibC.posix_spawnattr_setsigdefault(attributes, all);
            LibC.posix_spawnattr_setflags(attributes, (short)
                    (LibC.POSIX_SPAWN_SETSIGDEF | LibC.POSIX_SPAWN_SETSIGMASK | LibC.POSIX_SPAWN_SETSID));
        }
        arguments.setPointer(0, name);
        arguments.setPointer(Native.POINTER_SIZE, Pointer.NULL);
    }

    /** The pid of a new process that runs the executable, with descriptors at the numbers that they are the values of. */
    long spawn(int executable, Map<Integer, Integer> descriptors) {
        try (Memory memory = new Memory(LibC.SPAWN_OBJECT_SIZE + 8)) {
            Pointer actions = memory;
            Pointer pid = memory.share(LibC.SPAWN_OBJECT_SIZE);
            require("start the monitor", LibC.posix_spawn_file_actions_init(actions));
            try {
                descriptors.forEach((number, source) ->
                        require("start the monitor", LibC.posix_spawn_file_actions_adddup2(actions, source, number)));
                String path = "/proc/self/fd/" + executable;
                Pointer noEnvironment = arguments.share(Native.POINTER_SIZE);
                require(
                        "start the monitor with posix_spawn(" + path + "), for which /proc must be mounted",
                        LibC.posix_spawn(pid, path, actions, attributes, arguments, noEnvironment));
            } finally {
                LibC.posix_spawn_file_actions_destroy(actions);
            }
            return pid.getInt(0);
        }
    }

    private static void require(String what, int error) {
        if (error != 0) {
            throw new HostException("launcher: " + what + ": " + Errno.describe(error));
        }
    }
}
