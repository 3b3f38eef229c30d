package dev.caisson.launcher;

import dev.caisson.launcher.assembly.Assembler;
import dev.caisson.launcher.assembly.Image;
import dev.caisson.program.Architecture;
import dev.caisson.program.LaunchProgram;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Starts launch programs: assembles them into a sealed memfd and spawns that.
 *
 * <p>The monitor gets exactly these descriptors:
 *
 * <pre>
 *   0, 1, 2   the command's standard streams
 *   3         control: signal numbers come in, the outcome goes out; its end of file means that the JVM is gone
 *   4         status: a failed step, or a terminal's master; its end of file means that the command was executed
 * </pre>
 *
 * <p>posix_spawn(3) is safe in a process with threads, as the C library runs no code of ours between its clone and execve. Every signal is
 * set to its default and unblocked in the monitor: a JVM started by nohup or from a shell script passes ignored signals on, and an ignored
 * SIGCHLD would lose the exit code.
 *
 * <p>System calls go through JNA, whose native library comes, in this order: from the directory that the system property {@code
 * jna.boot.library.path} names; from {@code native/linux-x86-64} or {@code native/linux-aarch64} beside the folder that this jar is in, as
 * Caisson's own distribution has it; from JNA's jar, out of which JNA copies it for a moment to {@code $XDG_CACHE_HOME/JNA/temp}, which is
 * {@code ~/.cache/JNA/temp} where that is not set, or to {@code java.io.tmpdir} if nobody may write there ({@code jna.tmpdir} names another
 * place; it must not be mounted noexec). JDK 24 and newer want {@code --enable-native-access=ALL-UNNAMED}.
 */
public final class Launcher implements AutoCloseable {

    private static final int CONTROL = 3;
    private static final int STATUS = 4;

    private final Kernel kernel;
    private final Waiter waiter;
    private final Spawner spawner;

    /** A launcher for the architecture that this JVM runs on. */
    public Launcher() {
        this(new Kernel(Architecture.current()));
    }

    Launcher(Kernel kernel) {
        this.kernel = kernel;
        waiter = new Waiter(kernel);
        spawner = new Spawner();
    }

    /** The architecture that it assembles for. */
    public Architecture architecture() {
        return kernel.architecture();
    }

    /** The host as backends see it, with its root at "/". */
    public LocalHost host() {
        return new LocalHost(this, kernel);
    }

    /** Starts no more. What runs goes on, and is waited for; the threads that do so end when nothing is left. */
    @Override
    public void close() {
        waiter.close();
    }

    /** Assembles a program. */
    public Image assemble(LaunchProgram program) {
        return Assembler.assemble(program, kernel.architecture());
    }

    /** Assembles and starts a program. */
    public Launch start(LaunchProgram program, Streams streams) {
        return start(assemble(program), streams);
    }

    /** Starts an assembled program. The launch then goes on by itself; its streams are the caller's to close. */
    public Launch start(Image image, Streams streams) {
        waiter.requireOpen();
        try (Ends ends = new Ends(kernel)) {
            int executable = ends.give(Executable.seal(kernel, image.elf()));
            OutputStream stdin = ends.input(streams.stdin(), 0);
            InputStream stdout = ends.output(streams.stdout(), 1);
            InputStream stderr = ends.output(streams.stderr(), 2);
            int control = ends.socket(CONTROL);
            int status = ends.socket(STATUS);
            long pid = spawner.spawn(executable, ends.theirs());
            Monitor monitor = new Monitor(kernel, image.layout(), pid, control, status, stdin, stdout, stderr);
            watch(monitor, ends);
            return monitor;
        }
    }

    private void watch(Monitor monitor, Ends ends) {
        try {
            waiter.watch(monitor);
            ends.keep();
        } catch (RuntimeException | Error e) {
            ends.close(); // so that the monitor ends the container, as if this process had died
            monitor.reap();
            throw e;
        }
    }
}
