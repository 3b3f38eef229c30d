package dev.caisson.api;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** A capability, as in capabilities(7). */
public enum Capability {
    /** Change owners of files. */
    CHOWN,
    /** Ignore permissions of files. */
    DAC_OVERRIDE,
    /** Read any file and search any directory. */
    DAC_READ_SEARCH,
    /** Do what only a file's owner may. */
    FOWNER,
    /** Keep set-id bits on change. */
    FSETID,
    /** Signal any process. */
    KILL,
    /** Change group ids. */
    SETGID,
    /** Change user ids. */
    SETUID,
    /** Hand capabilities on. */
    SETPCAP,
    /** Set immutable attributes. */
    LINUX_IMMUTABLE,
    /** Bind ports below 1024. */
    NET_BIND_SERVICE,
    /** Broadcast and multicast. */
    NET_BROADCAST,
    /** Configure networks. */
    NET_ADMIN,
    /** Use raw sockets. */
    NET_RAW,
    /** Lock memory. */
    IPC_LOCK,
    /** Ignore permissions of IPC objects. */
    IPC_OWNER,
    /** Load kernel modules. */
    SYS_MODULE,
    /** Touch I/O ports and raw devices. */
    SYS_RAWIO,
    /** Change the root directory. */
    SYS_CHROOT,
    /** Trace any process. */
    SYS_PTRACE,
    /** Switch process accounting. */
    SYS_PACCT,
    /** Mount, and a hundred other things. */
    SYS_ADMIN,
    /** Reboot. */
    SYS_BOOT,
    /** Raise priorities. */
    SYS_NICE,
    /** Override resource limits. */
    SYS_RESOURCE,
    /** Set the clock. */
    SYS_TIME,
    /** Configure terminals. */
    SYS_TTY_CONFIG,
    /** Make device nodes. */
    MKNOD,
    /** Take leases on files. */
    LEASE,
    /** Write to the audit log. */
    AUDIT_WRITE,
    /** Configure auditing. */
    AUDIT_CONTROL,
    /** Set file capabilities. */
    SETFCAP,
    /** Override mandatory access control. */
    MAC_OVERRIDE,
    /** Configure mandatory access control. */
    MAC_ADMIN,
    /** Read the kernel log. */
    SYSLOG,
    /** Wake the system. */
    WAKE_ALARM,
    /** Keep the system awake. */
    BLOCK_SUSPEND,
    /** Read the audit log. */
    AUDIT_READ,
    /** Watch performance. */
    PERFMON,
    /** Load BPF programs. */
    BPF,
    /** Checkpoint and restore processes. */
    CHECKPOINT_RESTORE;

    /** What Docker leaves to a container's root: the kernel mask 0xa80425fb. */
    public static final Set<Capability> DOCKER_DEFAULT = Collections.unmodifiableSet(EnumSet.of(
            CHOWN,
            DAC_OVERRIDE,
            FOWNER,
            FSETID,
            KILL,
            SETGID,
            SETUID,
            SETPCAP,
            NET_BIND_SERVICE,
            NET_RAW,
            SYS_CHROOT,
            MKNOD,
            AUDIT_WRITE,
            SETFCAP));

    /** The kernel's number for it. */
    @SuppressWarnings("EnumOrdinal") // the constants stand in the kernel's order, which never changes
    public int number() {
        return ordinal();
    }

    /** The kernel's bit mask of a set. */
    public static long mask(Set<Capability> capabilities) {
        return capabilities.stream()
                .mapToLong(capability -> 1L << capability.number())
                .reduce(0, (a, b) -> a | b);
    }
}
