package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.caisson.program.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Reads from a descriptor. The class library can open a path, but not a descriptor that it did not make. */
final class DescriptorInput extends InputStream {

    private static final int BUFFER = 16 * 1024;
    private static final long FIONREAD = 0x541B;

    private final Kernel kernel;
    private final Descriptor descriptor;

    DescriptorInput(Kernel kernel, Descriptor descriptor) {
        this.kernel = kernel;
        this.descriptor = descriptor;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        try (Memory buffer = new Memory(Math.min(length, BUFFER))) {
            long count = descriptor.use(number -> kernel.read(number, buffer, buffer.size()));
            // A terminal's master says EIO, not end of file, when the last descriptor of the other side is closed.
            if (count == 0 || count == -Errno.EIO.number()) {
                return -1;
            } else if (count == -Errno.EBADF.number()) {
                throw new IOException("the stream is closed");
            } else if (count < 0) {
                throw new IOException("read from the container: " + Errno.describe((int) -count));
            }
            buffer.read(0, bytes, offset, (int) count);
            return (int) count;
        }
    }

    @Override
    public int available() throws IOException {
        try (Memory count = new Memory(4)) {
            count.setInt(0, 0);
            descriptor.use(number -> kernel.call("ioctl", number, FIONREAD, Pointer.nativeValue(count)));
            return count.getInt(0);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
