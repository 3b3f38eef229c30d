package dev.caisson.api;

import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The machine, as far as probes and preparation need it. Tests give it another root and another kernel. */
public interface Host {

    /** The directory below which the host's files are read: "/", or a fixture. */
    Path root();

    /** The architecture to build programs for. */
    Architecture architecture();

    /** Whether this process may do what root may: its effective user is 0. */
    boolean privileged();

    /**
     * Runs a small program and says how it went; probes use it to try the real thing. The program's child, if it has one, runs its steps and
     * ends; nothing of it stays.
     *
     * @return empty when every step succeeded, else the one that did not
     */
    Optional<Failure> attempt(LaunchProgram program);

    /**
     * Performs one system call in this process, for preparation in Java that the class library cannot do (a reflink, an extended attribute).
     * It must not change what the process is: no credentials, namespaces, directories or signals.
     *
     * @return the call's result, or the negative error number
     */
    long call(Op.SystemCall call);

    /**
     * Performs one system call as {@link #call(Op.SystemCall)} does, and keeps what the kernel filled in, such as an extended attribute.
     *
     * @param call a call with exactly one {@link dev.caisson.program.Argument.Room} among its arguments
     * @param room receives the content of that room; as long as the room
     * @return the call's result, or the negative error number
     */
    default long call(Op.SystemCall call, byte[] room) {
        throw new UnsupportedOperationException("this host keeps nothing of what " + call.name() + " fills in");
    }

    /** A path of the host, below {@link #root()}. */
    default Path path(String absolute) {
        return root().resolve(absolute.substring(1));
    }

    /** The text of a small file of the host, without the newline at its end; empty if it is not there or cannot be read. */
    default Optional<String> read(String absolute) {
        // Not Files.readString: it trusts the size, which is 0 in /proc, and reads one byte first; a file below
        // /proc/sys then
        // tells that it is at its end.
        try (InputStream in = Files.newInputStream(path(absolute))) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The mount table of this process, oldest first. */
    default List<Mount> mounts() {
        return Mount.parse(read("/proc/self/mountinfo")
                .orElseThrow(() -> new HostException("cannot read /proc/self/mountinfo; mount proc on /proc")));
    }

    /** A step that failed in an attempt. */
    record Failure(LaunchProgram.Line line, int errno) {

        /** Whether it failed with this error. */
        public boolean is(Errno expected) {
            return errno == expected.number();
        }

        @Override
        public String toString() {
            return line.step().description() + ": " + Errno.describe(errno);
        }
    }
}
