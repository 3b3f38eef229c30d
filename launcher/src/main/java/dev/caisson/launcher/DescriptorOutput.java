package dev.caisson.launcher;

import com.sun.jna.Memory;
import dev.caisson.program.Errno;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes to a descriptor. */
final class DescriptorOutput extends OutputStream {

    private final Kernel kernel;
    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    DescriptorOutput(Kernel kernel, int descriptor) {
        this.kernel = kernel;
        this.descriptor = descriptor;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return;
        }
        if (closed.get()) {
            throw new IOException("the stream is closed");
        }
        try (Memory buffer = new Memory(length)) {
            buffer.write(0, bytes, offset, length);
            for (long written = 0; written < length; ) {
                long count = kernel.write(descriptor, buffer.share(written), length - written);
                if (count < 0) {
                    throw new IOException("write to the container: " + Errno.describe((int) -count));
                }
                written += count;
            }
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            kernel.close(descriptor);
        }
    }
}
