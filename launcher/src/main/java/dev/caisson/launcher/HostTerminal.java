package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.caisson.program.Architecture;
import java.util.Optional;

/** The terminal that this process's standard input is, as in termios(3): raw mode and the window's size. */
public final class HostTerminal implements AutoCloseable {

    /** Larger than the kernel's struct termios (36 bytes on both architectures). */
    private static final int TERMIOS_SIZE = 64;

    private static final int STDIN = 0;

    private final Kernel kernel;
    private final byte[] original;

    private HostTerminal(Kernel kernel, byte[] original) {
        this.kernel = kernel;
        this.original = original;
    }

    /** The terminal, or nothing if standard input is none. */
    public static Optional<HostTerminal> open() {
        Kernel kernel = new Kernel(Architecture.current());
        try (Memory settings = new Memory(TERMIOS_SIZE)) {
            settings.clear();
            long result = kernel.call("ioctl", STDIN, kernel.constant("TCGETS"), Pointer.nativeValue(settings));
            return result < 0
                    ? Optional.empty()
                    : Optional.of(new HostTerminal(kernel, settings.getByteArray(0, TERMIOS_SIZE)));
        }
    }

    /** Passes every key on as it is typed, ^C included, and every byte out as it is: cfmakeraw(3). */
    public void raw() {
        try (Memory settings = new Memory(TERMIOS_SIZE)) {
            settings.write(0, original, 0, TERMIOS_SIZE);
            and(settings, 0, ~02753); // input: IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
            and(settings, 4, ~01); // output: OPOST
            and(settings, 8, ~0460); // control: CSIZE PARENB
            settings.setInt(8, settings.getInt(8) | 060); // CS8
            and(settings, 12, ~0100113); // local: ECHO ECHONL ICANON ISIG IEXTEN
            set(settings);
        }
    }

    /** The size of its window. */
    public WindowSize size() {
        try (Memory size = new Memory(8)) {
            size.clear();
            kernel.call("ioctl", STDIN, kernel.constant("TIOCGWINSZ"), Pointer.nativeValue(size));
            return new WindowSize(size.getShort(0) & 0xffff, size.getShort(2) & 0xffff);
        }
    }

    /** Gives the terminal back as it was. */
    @Override
    public void close() {
        try (Memory settings = new Memory(TERMIOS_SIZE)) {
            settings.write(0, original, 0, TERMIOS_SIZE);
            set(settings);
        }
    }

    private void set(Memory settings) {
        kernel.call("ioctl", STDIN, kernel.constant("TCSETS"), Pointer.nativeValue(settings));
    }

    private static void and(Memory settings, long offset, int mask) {
        settings.setInt(offset, settings.getInt(offset) & mask);
    }
}
