package dev.caisson.launcher;

import com.sun.jna.Memory;
import dev.caisson.program.Errno;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Writes to a descriptor. */
final class DescriptorOutput extends OutputStream {

    private static final int BUFFER = 16 * 1024;

    private final Kernel kernel;
    private final Descriptor descriptor;

    DescriptorOutput(Kernel kernel, Descriptor descriptor) {
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
        try (Memory buffer = new Memory(Math.min(length, BUFFER))) {
            for (int written = 0; written < length; ) {
                int size = Math.min(length - written, BUFFER);
                buffer.write(0, bytes, offset + written, size);
                long count = descriptor.use(number -> kernel.write(number, buffer, size));
                if (count == -Errno.EBADF.number()) {
                    throw new IOException("the stream is closed");
                } else if (count < 0) {
                    throw new IOException("write to the container: " + Errno.describe((int) -count));
                }
                written += (int) count;
            }
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
