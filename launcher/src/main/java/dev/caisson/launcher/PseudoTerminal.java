package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.InputStream;
import java.io.OutputStream;

/** The master of a pseudoterminal, by its descriptor. */
final class PseudoTerminal implements Terminal {

    private final Kernel kernel;
    private final Descriptor descriptor;
    private final DescriptorInput output;
    private final DescriptorOutput input;

    PseudoTerminal(Kernel kernel, int number) {
        this.kernel = kernel;
        descriptor = new Descriptor(kernel, number);
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
    public void resize(WindowSize window) {
        try (Memory size = new Memory(8)) { // struct winsize
            size.clear();
            size.setShort(0, (short) window.rows());
            size.setShort(2, (short) window.columns());
            descriptor.use(
                    number -> kernel.call("ioctl", number, kernel.constant("TIOCSWINSZ"), Pointer.nativeValue(size)));
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
