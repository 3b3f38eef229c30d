package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** What every monitor is spawned with: default signals, none blocked, a session of its own. */
final class SpawnAttributes {

    private static final int SIGNAL_SET_SIZE = 128;

    /** Held for as long as the launcher, since the C library keeps no copy. */
    private final Memory attributes = new Memory(LibC.SPAWN_OBJECT_SIZE);

    SpawnAttributes() {
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
    }

    Pointer pointer() {
        return attributes;
    }
}
