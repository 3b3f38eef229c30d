package dev.caisson.seccomp;

import dev.caisson.program.Errno;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the kernel does with a system call: a value that a filter returns, SECCOMP_RET_* of linux/seccomp.h.
 *
 * @param kind what happens
 * @param data the error number for {@link Kind#ERRNO}, otherwise 0
 */
public record Action(Kind kind, int data) {

    /**
     * What can happen with a call. SECCOMP_RET_TRACE and SECCOMP_RET_USER_NOTIF are left out: they need a supervisor.
     */
    public enum Kind {
        /** The call is made. */
        ALLOW(0x7fff0000, "allow"),
        /** The call is made and noted in the kernel's audit log. */
        LOG(0x7ffc0000, "log"),
        /** The call is not made and returns an error. */
        ERRNO(0x00050000, "errno"),
        /** The call is not made and raises SIGSYS, which a program may handle. */
        TRAP(0x00030000, "trap"),
        /** The thread ends as if by SIGSYS; the others go on without it, which few programs survive in good order. */
        KILL_THREAD(0x00000000, "kill thread"),
        /** The process ends as if by SIGSYS. */
        KILL_PROCESS(0x80000000, "kill");

        private final int value;
        private final String text;

        Kind(int value, String text) {
            this.value = value;
            this.text = text;
        }
    }

    private static final int DATA = 0xffff;
    private static final int MAX_ERRNO = 4095;

    /** Makes the call. */
    public static final Action ALLOW = new Action(Kind.ALLOW, 0);

    /** Makes the call and logs it. */
    public static final Action LOG = new Action(Kind.LOG, 0);

    /** Raises SIGSYS. */
    public static final Action TRAP = new Action(Kind.TRAP, 0);

    /** Ends the thread. */
    public static final Action KILL_THREAD = new Action(Kind.KILL_THREAD, 0);

    /** Ends the process. */
    public static final Action KILL_PROCESS = new Action(Kind.KILL_PROCESS, 0);

    public Action {
        if (data < 0 || data > (kind == Kind.ERRNO ? MAX_ERRNO : 0)) {
            throw new IllegalArgumentException("the action " + kind.text + " cannot carry the number " + data);
        }
    }

    /** Returns an error without making the call. */
    public static Action errno(Errno errno) {
        return new Action(Kind.ERRNO, errno.number());
    }

    /** The action that a filter means with a return value. */
    static Action of(int value) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.value == (value & ~DATA))
                .map(kind -> new Action(kind, value & DATA))
                .findAny()
                .orElseThrow(
                        () -> new IllegalArgumentException("no action has the value 0x" + Integer.toHexString(value)));
    }

    /** The action that a text such as {@code allow} or {@code errno EPERM} means: the inverse of {@link #toString}. */
    static Action parse(String text) {
        String errno = Kind.ERRNO.text + " ";
        Optional<Action> action = text.startsWith(errno)
                ? errnoNamed(text.substring(errno.length())).map(Action::errno)
                : Arrays.stream(Kind.values())
                        .filter(kind -> kind != Kind.ERRNO && kind.text.equals(text))
                        .map(kind -> new Action(kind, 0))
                        .findAny();
        return action.orElseThrow(() -> new IllegalArgumentException("there is no action \"" + text
                + "\"; use allow, log, errno with a name of errno(3), trap, kill thread or kill"));
    }

    /** The error with a name such as {@code ENOSYS}. */
    static Optional<Errno> errnoNamed(String name) {
        return Arrays.stream(Errno.values())
                .filter(errno -> errno.name().equals(name))
                .findAny();
    }

    /** Whether the call is made. */
    public boolean permits() {
        return kind == Kind.ALLOW || kind == Kind.LOG;
    }

    /** The value that a filter returns for it. */
    public int value() {
        return kind.value | data;
    }

    @Override
    public String toString() {
        return kind == Kind.ERRNO
                ? kind.text + " " + Errno.of(data).map(Errno::name).orElse(Integer.toString(data))
                : kind.text;
    }
}
