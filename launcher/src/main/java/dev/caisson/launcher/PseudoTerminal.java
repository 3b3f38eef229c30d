package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.InputStream;
import java.io.OutputStream;

/** The master of a pseudoterminal, by its descriptor. */
final class PseudoTerminal implements Terminal {

    private final Kernel kernel;
    private final int descriptor;
    private final DescriptorInput output;
    private final DescriptorOutput input;

    PseudoTerminal(Kernel kernel, int descriptor) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        output = new DescriptorInput(kernel, descriptor);
        input = new DescriptorOutput(kernel, descriptor);
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public OutputStream input() {
        return input;
    }

    @Override
    public void resize(int rows, int columns) {
        try (Memory size = new Memory(8)) { // struct winsize
            size.clear();
            size.setShort(0, (short) rows);
            size.setShort(2, (short) columns);
            kernel.call("ioctl", descriptor, kernel.constant("TIOCSWINSZ"), Pointer.nativeValue(size));
        }
    }

    @Override
    public void close() {
        output.close(); // the descriptor is one and the same
    }
}
