package dev.caisson.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Memory;
import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Uses and closes descriptors from several threads. */
@Timeout(60)
class DescriptorTest {

    private final Kernel kernel = new Kernel(Architecture.current());

    @Test
    void aClosedOneIsNotUsed() {
        Descriptor descriptor = new Descriptor(kernel, kernel.open("/dev/zero", "O_RDONLY"));
        assertEquals(5, descriptor.use(number -> 5));
        descriptor.close();
        descriptor.close();
        assertEquals(-Errno.EBADF.number(), descriptor.use(number -> 5));
    }

    @Test
    void theNumberIsNotGivenAwayWhileItIsUsed() throws Exception {
        int[] pipe = kernel.pipe();
        Descriptor reading = new Descriptor(kernel, pipe[0]);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> reading.use(number -> {
            begun.countDown();
            try (Memory buffer = new Memory(8)) {
                return kernel.read(number, buffer, 8);
            }
        }));
        begun.await();
        reading.close();
        Path end = Path.of("/proc/self/fd/" + pipe[0]);
        Path target = Files.readSymbolicLink(end);
        assertTrue(target.toString().startsWith("pipe:"));
        kernel.close(pipe[1]);
        assertEquals(0, read.get(10, TimeUnit.SECONDS));
        assertTrue(!Files.exists(end) || !Files.readSymbolicLink(end).equals(target));
    }

    @Test
    void streamsCarryAnyAmountAndEndWhenClosed() throws Exception {
        int[] pipe = kernel.pipe();
        DescriptorInput input = new DescriptorInput(kernel, new Descriptor(kernel, pipe[0]));
        DescriptorOutput output = new DescriptorOutput(kernel, new Descriptor(kernel, pipe[1]));
        byte[] sent = "wörter ".repeat(50_000).getBytes(StandardCharsets.UTF_8);
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try (output) {
                output.write(255);
                output.write(sent);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(255, input.read());
        assertEquals(
                new String(sent, StandardCharsets.UTF_8), new String(input.readAllBytes(), StandardCharsets.UTF_8));
        writing.get(10, TimeUnit.SECONDS);
        assertEquals(-1, input.read());
        assertEquals(0, input.available());
        input.close();
        assertThrows(IOException.class, input::read);
        assertThrows(IOException.class, () -> output.write(1));
    }

    @Test
    void aStreamKnowsWhatIsAvailable() throws Exception {
        int[] pipe = kernel.pipe();
        try (DescriptorInput input = new DescriptorInput(kernel, new Descriptor(kernel, pipe[0]));
                DescriptorOutput output = new DescriptorOutput(kernel, new Descriptor(kernel, pipe[1]))) {
            assertEquals(0, input.available());
            output.write(new byte[70]);
            assertEquals(70, input.available());
            assertEquals(70, input.read(new byte[100]));
        }
    }

    @Test
    void writingToNobodyIsAnError() throws Exception {
        int[] pipe = kernel.pipe();
        kernel.close(pipe[0]);
        try (DescriptorOutput output = new DescriptorOutput(kernel, new Descriptor(kernel, pipe[1]))) {
            IOException e = assertThrows(IOException.class, () -> output.write(1));
            assertEquals("write to the container: EPIPE (Broken pipe)", e.getMessage());
        }
    }
}
