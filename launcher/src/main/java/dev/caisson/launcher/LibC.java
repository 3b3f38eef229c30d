package dev.caisson.launcher;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** What is taken from the C library, with its names and types: spawning, and any system call. */
final class LibC {

    /** posix_spawnattr_setflags: set signal mask and defaults from the attributes, start a new session. */
    static final short POSIX_SPAWN_SETSIGDEF = 0x04;

    static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    static final short POSIX_SPAWN_SETSID = 0x80;

    /** Larger than posix_spawnattr_t (336 bytes) and posix_spawn_file_actions_t (80 bytes) of glibc and musl. */
    static final int SPAWN_OBJECT_SIZE = 512;

    static {
        NativeCode.load();
        Native.register(LibC.class, NativeLibrary.getProcess()); // the C library that the JVM has, without a search
    }

    private LibC() {}

    /** Makes the rest usable; a LinkageError if that cannot be. */
    static void load() {} // the static initializer has done it

    /** posix_spawn(3): returns an error number, not -1. */
    static native int posix_spawn(
            Pointer pid, String path, Pointer fileActions, Pointer attributes, Pointer argv, Pointer envp);

    static native int posix_spawn_file_actions_init(Pointer fileActions);

    static native int posix_spawn_file_actions_adddup2(Pointer fileActions, int descriptor, int newDescriptor);

    static native int posix_spawn_file_actions_destroy(Pointer fileActions);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

    /** syscall(2): -1 and errno on failure. */
    static native long syscall(long number, long a, long b, long c, long d, long e, long f);
}
