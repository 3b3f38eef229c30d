package dev.caisson.vfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What happens when something cannot be copied, or not in the best way. */
class TreeCopyFailureIT extends TreeFixture {

    @Test
    void refusesWhatIsTooDeepForAPath() {
        for (int i = 0; i < 9; i++) {
            makeDeeper(i);
        }

        assertThrows(HostException.class, () -> copy(layer));
    }

    @Test
    void saysWhichFileItCouldNotCopyAndWhy() throws IOException {
        Path full = Files.createDirectory(temporary.resolve("no-attributes"));
        setAttribute(Files.createFile(layer.resolve("file")), "user.note", new byte[] {1});
        Host lacking = new RefusingHost(host, "fsetxattr", 28);

        HostException failure =
                assertThrows(HostException.class, () -> TreeCopy.copy(lacking, List.of(layer), full, true));

        assertEquals(
                "vfs: cannot set the extended attribute user.note of \"" + layer.resolve("file")
                        + "\": ENOSPC (No space left on device); free space where private copies are, or move the storage"
                        + " directory",
                failure.getMessage());
    }

    @Test
    void fallsBackWhereTheFileSystemKnowsNoBetterWay() throws IOException {
        byte[] content = new byte[3_000_001];
        new Random(2).nextBytes(content);
        Files.write(layer.resolve("file"), content);
        Host old = new RefusingHost(host, "copy_file_range", 38);

        TreeCopy.copy(old, List.of(layer), copy, true);

        assertArrayEquals(content, Files.readAllBytes(copy.resolve("file")));
    }

    @Test
    void leavesNoDescriptorOpen() throws IOException {
        Files.createFile(Files.createDirectory(layer.resolve("d")).resolve("f"));
        copy(layer);
        long before = descriptors();
        Path again = Files.createDirectory(temporary.resolve("again"));

        TreeCopy.copy(host, List.of(layer, upper), again, true);
        assertThrows(HostException.class, () -> TreeCopy.copy(host, List.of(layer), again, true)); // not empty

        assertEquals(before, descriptors());
    }

    /** Puts the tree one level of 900 characters deeper, so that paths become too long for the kernel. */
    private void makeDeeper(int level) {
        try {
            Path deeper = Files.createDirectories(
                    temporary.resolve("next" + level + "/" + ("x".repeat(224) + "/").repeat(4)));
            Files.move(layer, deeper.resolve("below"));
            Files.move(temporary.resolve("next" + level), layer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
