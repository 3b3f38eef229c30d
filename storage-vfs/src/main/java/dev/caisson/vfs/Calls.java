package dev.caisson.vfs;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import java.nio.file.Path;
import java.util.List;

/** System calls on descriptors, through the host; an error is an exception that says what could not be done. */
record Calls(Host host) {

    /** The size of struct open_how. */
    private static final int HOW_SIZE = 24;

    /** A call's result, or the negative error number. */
    long attempt(String name, Argument... arguments) {
        return host.call(new Op.SystemCall(name, List.of(arguments)));
    }

    /** A call that must succeed, and what it is for: "copy". */
    long call(String purpose, Path file, String name, Argument... arguments) {
        return succeeded(purpose, file, attempt(name, arguments));
    }

    /** Opens a directory by its path on the host. */
    Descriptor openRoot(Path directory) {
        long number = call(
                "open",
                directory,
                "openat",
                CWD,
                text(directory.toString()),
                flags("O_PATH", "O_DIRECTORY", "O_CLOEXEC"),
                number(0));
        return new Descriptor(this, (int) number);
    }

    /** Opens a path below a directory, of which no part may be a symbolic link or lead out. */
    Descriptor open(Descriptor directory, Path relative, String... flags) {
        return open(directory, relative, 0, flags);
    }

    /** Makes a regular file below a directory, for its owner only. */
    Descriptor create(Descriptor directory, Path relative) {
        return open(directory, relative, 0600, "O_WRONLY", "O_CREAT", "O_EXCL", "O_NOFOLLOW", "O_CLOEXEC");
    }

    private Descriptor open(Descriptor directory, Path relative, int mode, String... flags) {
        Argument how =
                Argument.block(flags(flags), Argument.mode(mode), flags("RESOLVE_BENEATH", "RESOLVE_NO_SYMLINKS"));
        long number = call(
                "open", relative, "openat2", directory.argument(), FileNames.argument(relative), how, number(HOW_SIZE));
        return new Descriptor(this, (int) number);
    }

    /** What a call fills into a room: its size is asked for first. */
    byte[] fill(String purpose, Path file, String name, Argument first, Argument... more) {
        Argument[] arguments = new Argument[more.length + 3];
        arguments[0] = first;
        System.arraycopy(more, 0, arguments, 1, more.length);
        arguments[more.length + 1] = Argument.NULL;
        arguments[more.length + 2] = number(0);
        long size = attempt(name, arguments);
        if (size == 0 || size == -Errno.EOPNOTSUPP.number()) {
            return new byte[0];
        }
        byte[] room = new byte[(int) succeeded(purpose, file, size)];
        arguments[more.length + 1] = new Argument.Room(room.length);
        arguments[more.length + 2] = number(room.length);
        succeeded(purpose, file, host.call(new Op.SystemCall(name, List.of(arguments)), room));
        return room;
    }

    static long succeeded(String purpose, Path file, long result) {
        if (result < 0) {
            throw new HostException("vfs: cannot " + purpose + " \"" + file + "\": " + Errno.describe((int) -result)
                    + remedy((int) -result));
        }
        return result;
    }

    private static String remedy(int errno) {
        return Errno.of(errno)
                .map(known -> switch (known) {
                    case ENOSPC, EDQUOT -> "; free space where private copies are, or move the storage directory";
                    case EPERM, EACCES -> "; run as root";
                    case EMFILE -> "; raise the limit on open files";
                    default -> "";
                })
                .orElse("");
    }
}
