package dev.caisson.program;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The symbolic constants that system calls take, from the kernel's user-space headers. */
public final class Constants {

    /** The values on x86-64, and nearly always everywhere. */
    private static final Map<String, Long> COMMON = new HashMap<>();

    /** The three that 64-bit ARM numbers differently: asm/fcntl.h. */
    private static final Map<String, Long> AARCH64 =
            Map.of("O_DIRECTORY", 0x4000L, "O_NOFOLLOW", 0x8000L, "O_TMPFILE", 0x404000L);

    static {
        // open(2), openat(2)
        put("O_RDONLY", 0);
        put("O_WRONLY", 1);
        put("O_RDWR", 2);
        put("O_CREAT", 0x40);
        put("O_EXCL", 0x80);
        put("O_TRUNC", 0x200);
        put("O_APPEND", 0x400);
        put("O_NONBLOCK", 0x800);
        put("O_CLOEXEC", 0x80000);
        put("O_NOCTTY", 0x100);
        put("O_PATH", 0x200000);
        put("O_DIRECTORY", 0x10000);
        put("O_NOFOLLOW", 0x20000);
        put("O_TMPFILE", 0x410000);
        // the *at calls
        put("AT_FDCWD", -100);
        put("AT_SYMLINK_NOFOLLOW", 0x100);
        put("AT_SYMLINK_FOLLOW", 0x400);
        put("AT_REMOVEDIR", 0x200);
        put("AT_EMPTY_PATH", 0x1000);
        put("AT_RECURSIVE", 0x8000);
        // openat2(2)
        put("RESOLVE_IN_ROOT", 0x10);
        put("RESOLVE_NO_MAGICLINKS", 2);
        put("RESOLVE_NO_SYMLINKS", 4);
        put("RESOLVE_BENEATH", 8);
        put("RESOLVE_NO_XDEV", 1);
        // clone(2), unshare(2)
        put("CLONE_NEWNS", 0x20000);
        put("CLONE_NEWPID", 0x20000000);
        put("CLONE_NEWNET", 0x40000000);
        put("CLONE_NEWIPC", 0x8000000);
        put("CLONE_NEWUTS", 0x4000000);
        put("CLONE_NEWUSER", 0x10000000);
        put("CLONE_NEWCGROUP", 0x2000000);
        put("CLONE_NEWTIME", 0x80);
        put("CLONE_FILES", 0x400);
        put("CLONE_PIDFD", 0x1000);
        // mount(2), umount2(2)
        put("MS_RDONLY", 1);
        put("MS_NOSUID", 2);
        put("MS_NODEV", 4);
        put("MS_NOEXEC", 8);
        put("MS_REMOUNT", 0x20);
        put("MS_BIND", 0x1000);
        put("MS_REC", 0x4000);
        put("MS_PRIVATE", 0x40000);
        put("MS_SLAVE", 0x80000);
        put("MS_MOVE", 0x2000);
        put("MS_STRICTATIME", 0x1000000);
        put("MS_NOSYMFOLLOW", 0x100);
        put("MNT_DETACH", 2);
        put("UMOUNT_NOFOLLOW", 8);
        // fsopen(2) and its family
        put("FSOPEN_CLOEXEC", 1);
        put("FSMOUNT_CLOEXEC", 1);
        put("FSCONFIG_SET_FLAG", 0);
        put("FSCONFIG_SET_STRING", 1);
        put("FSCONFIG_SET_FD", 5);
        put("FSCONFIG_CMD_CREATE", 6);
        put("OPEN_TREE_CLONE", 1);
        put("OPEN_TREE_CLOEXEC", 0x80000);
        put("MOVE_MOUNT_F_EMPTY_PATH", 4);
        put("MOVE_MOUNT_T_EMPTY_PATH", 0x40);
        put("MOUNT_ATTR_RDONLY", 1);
        put("MOUNT_ATTR_NOSUID", 2);
        put("MOUNT_ATTR_NODEV", 4);
        put("MOUNT_ATTR_NOEXEC", 8);
        put("MOUNT_ATTR_IDMAP", 0x100000);
        put("MOUNT_ATTR_NOSYMFOLLOW", 0x200000);
        // modes, inode(7)
        put("S_IFREG", 0x8000);
        put("S_IFCHR", 0x2000);
        put("S_IFBLK", 0x6000);
        put("S_IFIFO", 0x1000);
        put("S_IFSOCK", 0xc000);
        // close_range(2)
        put("CLOSE_RANGE_UNSHARE", 2);
        put("CLOSE_RANGE_CLOEXEC", 4);
        // prctl(2)
        put("PR_SET_PDEATHSIG", 1);
        put("PR_SET_DUMPABLE", 4);
        put("PR_SET_KEEPCAPS", 8);
        put("PR_CAPBSET_DROP", 0x18);
        put("PR_SET_CHILD_SUBREAPER", 0x24);
        put("PR_SET_NO_NEW_PRIVS", 0x26);
        put("PR_CAP_AMBIENT", 0x2f);
        put("PR_CAP_AMBIENT_RAISE", 2);
        put("PR_CAP_AMBIENT_CLEAR_ALL", 4);
        put("PR_SET_NAME", 0xf);
        put("PR_SET_SECUREBITS", 0x1c);
        // getrlimit(2)
        put("RLIMIT_CPU", 0);
        put("RLIMIT_FSIZE", 1);
        put("RLIMIT_DATA", 2);
        put("RLIMIT_STACK", 3);
        put("RLIMIT_CORE", 4);
        put("RLIMIT_RSS", 5);
        put("RLIMIT_NPROC", 6);
        put("RLIMIT_NOFILE", 7);
        put("RLIMIT_MEMLOCK", 8);
        put("RLIMIT_AS", 9);
        put("RLIMIT_LOCKS", 0xa);
        put("RLIMIT_SIGPENDING", 0xb);
        put("RLIMIT_MSGQUEUE", 0xc);
        put("RLIMIT_NICE", 0xd);
        put("RLIMIT_RTPRIO", 0xe);
        put("RLIMIT_RTTIME", 0xf);
        // seccomp(2)
        put("SECCOMP_SET_MODE_FILTER", 1);
        put("SECCOMP_FILTER_FLAG_LOG", 2);
        // sockets
        put("AF_UNIX", 1);
        put("AF_INET", 2);
        put("AF_NETLINK", 0x10);
        put("SOCK_STREAM", 1);
        put("SOCK_DGRAM", 2);
        put("SOCK_SEQPACKET", 5);
        put("SOCK_RAW", 3);
        put("SOCK_CLOEXEC", 0x80000);
        put("SOL_SOCKET", 1);
        put("SCM_RIGHTS", 1);
        put("MSG_NOSIGNAL", 0x4000);
        put("SIOCSIFFLAGS", 0x8914);
        put("IFF_UP", 1);
        put("IFF_RUNNING", 0x40);
        // ioctl(2)
        put("TIOCSCTTY", 0x540e);
        put("TIOCSPTLCK", 0x40045431);
        put("TIOCGPTPEER", 0x5441);
        put("TIOCSWINSZ", 0x5414);
        put("TIOCGWINSZ", 0x5413);
        put("TCGETS", 0x5401);
        put("TCSETS", 0x5402);
        put("FICLONE", 0x40049409);
        // flock(2)
        put("LOCK_EX", 2);
        put("LOCK_NB", 4);
        put("LOCK_SH", 1);
        // memory, mmap(2) and memfd_create(2)
        put("PROT_READ", 1);
        put("PROT_WRITE", 2);
        put("MAP_SHARED", 1);
        put("MAP_PRIVATE", 2);
        put("MAP_ANONYMOUS", 0x20);
        put("MAP_FIXED", 0x10);
        put("MFD_CLOEXEC", 1);
        put("MFD_ALLOW_SEALING", 2);
        put("F_ADD_SEALS", 0x409);
        put("F_SEAL_SEAL", 1);
        put("F_SEAL_SHRINK", 2);
        put("F_SEAL_GROW", 4);
        put("F_SEAL_WRITE", 8);
        put("F_GETFD", 1);
        put("F_SETFD", 2);
        put("F_DUPFD_CLOEXEC", 0x406);
        put("FD_CLOEXEC", 1);
        put("RENAME_NOREPLACE", 1);
        put("MFD_EXEC", 0x10);
        // signals, wait(2), timerfd(2), poll(2)
        put("SIGHUP", 1);
        put("SIGINT", 2);
        put("SIGQUIT", 3);
        put("SIGKILL", 9);
        put("SIGTERM", 0xf);
        put("SIGCHLD", 0x11);
        put("SIG_BLOCK", 0);
        put("SIG_SETMASK", 2);
        put("SFD_CLOEXEC", 0x80000);
        put("TFD_CLOEXEC", 0x80000);
        put("CLOCK_MONOTONIC", 1);
        put("CLOCK_BOOTTIME", 7);
        put("WNOHANG", 1);
        put("P_PIDFD", 3);
        put("WEXITED", 4);
        put("POLLIN", 1);
        put("POLLHUP", 0x10);
    }

    private Constants() {}

    /** The value of constants joined by "or" on an architecture; AT_FDCWD, which is negative, stands alone. */
    public static long value(List<String> names, Architecture architecture) {
        long value = 0;
        for (String name : names) {
            Long own = architecture == Architecture.AARCH64 ? AARCH64.get(name) : null;
            value |= own != null ? own : require(name);
        }
        return value;
    }

    /** Every name that is known. */
    static Set<String> names() {
        return Collections.unmodifiableSet(COMMON.keySet());
    }

    static long require(String name) {
        Long value = COMMON.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "unknown constant " + name + "; use Argument.word for a number of your own");
        }
        return value;
    }

    private static void put(String name, long value) {
        COMMON.put(name, value);
    }
}
