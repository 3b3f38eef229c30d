package dev.caisson.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.layers.LoaderCache.Library;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoaderCacheTest {

    private static final Library X = new Library("libx.so.1", "/opt/libx.so.1", ElfFile.X86_64);
    private static final Library Y = new Library("liby.so.10", "/opt/liby.so.10", ElfFile.X86_64);

    @Test
    void readsWhatItWrites() {
        LoaderCache cache = LoaderCache.read(LoaderCache.write(List.of(X, Y)));

        assertEquals(List.of("/opt/libx.so.1"), cache.paths("libx.so.1"));
        assertEquals(List.of("/opt/liby.so.10"), cache.paths("liby.so.10"));
        assertEquals(List.of(), cache.paths("libz.so"));
    }

    @Test
    void putsVariantsForCertainProcessorsLast() {
        Library variant = new Library("libx.so.1", "/opt/x86-64-v3/libx.so.1", ElfFile.X86_64);
        byte[] file = LoaderCache.write(List.of(variant, X));
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(48 + 16, 1L << 62); // what the first entry demands

        assertEquals(
                List.of("/opt/libx.so.1", "/opt/x86-64-v3/libx.so.1"),
                LoaderCache.read(file).paths("libx.so.1"));
    }

    @Test
    void findsTheNewFormatBehindTheOldOne() {
        byte[] file = LoaderCache.write(List.of(X));
        ByteBuffer both = ByteBuffer.allocate(32 + file.length).order(ByteOrder.LITTLE_ENDIAN);
        both.put("ld.so-1.7.0".getBytes(StandardCharsets.US_ASCII))
                .putInt(12, 1); // one entry of 12 bytes, then padding
        both.position(32).put(file);

        assertEquals(List.of("/opt/libx.so.1"), LoaderCache.read(both.array()).paths("libx.so.1"));
    }

    @Test
    void takesWhatItCannotReadAsEmpty() {
        byte[] truncated = Arrays.copyOf(LoaderCache.write(List.of(X, Y)), 70);
        byte[] many = LoaderCache.write(List.of(X));
        ByteBuffer.wrap(many).order(ByteOrder.LITTLE_ENDIAN).putInt(20, Integer.MAX_VALUE);

        for (byte[] file : List.of(
                new byte[0], new byte[100], truncated, many, "ld.so-1.7.0".getBytes(StandardCharsets.US_ASCII))) {
            assertEquals(List.of(), LoaderCache.read(file).paths("libx.so.1"));
        }
    }

    @Test
    void ordersNamesAsTheLoaderDoes() {
        assertTrue(LoaderCache.compare("libx.so.9", "libx.so.10") < 0);
        assertTrue(LoaderCache.compare("lib1.so", "liba.so") > 0); // a digit comes after everything else
        assertTrue(LoaderCache.compare("liba", "liba.so") < 0);
        assertEquals(0, LoaderCache.compare("liba.so.1", "liba.so.1"));
    }

    @Test
    void readsTheHostsOwn() throws IOException {
        Path file = Path.of("/etc/ld.so.cache");
        assumeTrue(Files.isReadable(file), "this host has no /etc/ld.so.cache");

        List<String> paths = LoaderCache.read(Files.readAllBytes(file)).paths("libc.so.6");

        assertTrue(paths.stream().allMatch(path -> path.endsWith("/libc.so.6")), paths.toString());
        assertTrue(Files.exists(Path.of(paths.get(0))));
    }
}
