package dev.caisson.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.HostException;
import dev.caisson.api.ProfileException;
import dev.caisson.layers.Fixture.Elf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerStoreTest {

    private static final Layer SH = new Layer.HostPrograms(List.of("sh"));

    @TempDir
    Path temporary;

    private Fixture host;
    private Path directory;
    private LayerStore store;

    @BeforeEach
    void setUp() throws IOException {
        host = Fixture.debian(Files.createDirectory(temporary.resolve("host")))
                .elf("/usr/bin/dash", Elf.program(Fixture.GLIBC_LOADER, "libc.so.6"))
                .link("/usr/bin/sh", "dash");
        directory = temporary.resolve("storage/layers");
        store = new LayerStore(directory, host.root());
    }

    @Test
    void aDirectoryIsItself() throws IOException {
        Path layer = Files.createDirectory(temporary.resolve("layer"));

        assertEquals(layer, store.pathOf(new Layer.Directory(layer)));
        assertEquals(layer, store.materialize(new Layer.Directory(layer)));
    }

    @Test
    void aDirectoryMustBeThere() throws IOException {
        Path missing = temporary.resolve("missing");
        Path file = Files.createFile(temporary.resolve("file"));

        assertEquals(
                "the layer " + missing + " does not exist; name a directory that holds a root file system",
                assertThrows(ProfileException.class, () -> store.pathOf(new Layer.Directory(missing)))
                        .getMessage());
        assertEquals(
                "the layer " + file + " is not a directory; name a directory that holds a root file system",
                assertThrows(ProfileException.class, () -> store.materialize(new Layer.Directory(file)))
                        .getMessage());
    }

    @Test
    void knowsWhereALayerWillBeWithoutMakingIt() {
        Path path = store.pathOf(SH);

        assertFalse(Files.exists(directory));
        assertEquals(path, store.materialize(SH));
        assertEquals(path, store.pathOf(SH));
    }

    @Test
    void makesALayerWithTheHostsFiles() throws IOException {
        Path layer = store.materialize(SH);

        assertEquals("usr/bin", Files.readSymbolicLink(layer.resolve("bin")).toString());
        assertEquals("dash", Files.readSymbolicLink(layer.resolve("usr/bin/sh")).toString());
        assertEquals(-1, Files.mismatch(layer.resolve("usr/bin/dash"), host.place("/usr/bin/dash")));
        assertEquals("rwxr-xr-x", permissions(layer));
        assertEquals("rwxr-xr-x", permissions(layer.resolve("usr/bin/dash")));
        assertEquals("rwx------", permissions(layer.resolve("root")));
        assertEquals(041777, Files.getAttribute(layer.resolve("tmp"), "unix:mode"));
        assertEquals("rw-r--r--", permissions(layer.resolve("etc/passwd")));
        assertEquals(
                Files.getLastModifiedTime(host.place("/usr/bin/dash")).toMillis(),
                Files.getLastModifiedTime(layer.resolve("usr/bin/dash")).toMillis());
    }

    @Test
    void usesALayerAgain() throws IOException {
        Path mark = Files.createFile(store.materialize(SH).resolve("mark"));

        store.materialize(SH);

        assertTrue(Files.exists(mark));
    }

    @Test
    void aChangeOnTheHostMakesAnotherLayer() throws IOException {
        Path before = store.materialize(SH);
        Files.setLastModifiedTime(host.place("/usr/lib/x86_64-linux-gnu/libc.so.6"), FileTime.fromMillis(1));
        Path touched = store.materialize(SH);
        Files.setPosixFilePermissions(host.place("/usr/bin/dash"), PosixFilePermissions.fromString("rwxr-x--x"));

        assertNotEquals(before, touched);
        assertNotEquals(touched, store.pathOf(SH));
        assertNotEquals(store.pathOf(SH), store.pathOf(new Layer.HostPrograms(List.of("dash"))));
    }

    @Test
    void theOrderOfProgramsDoesNotMatter() {
        host.elf("/usr/bin/a", Elf.program(""));

        assertEquals(
                store.pathOf(new Layer.HostPrograms(List.of("a", "sh"))),
                store.pathOf(new Layer.HostPrograms(List.of("sh", "a", "sh"))));
    }

    @Test
    void manyMakersAtOnceMakeOneLayer() throws IOException {
        List<CompletableFuture<Path>> makers = IntStream.range(0, 8)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> new LayerStore(directory, host.root()).materialize(SH)))
                .toList();

        assertEquals(1, makers.stream().map(CompletableFuture::join).distinct().count());
        try (Stream<Path> entries = Files.list(directory)) {
            assertEquals(1, entries.count());
        }
    }

    @Test
    void leavesNothingWhenItFails() throws IOException {
        Files.createDirectories(directory);
        Path blocked = Files.createFile(store.pathOf(SH)); // nothing can be renamed over a file

        HostException failure = assertThrows(HostException.class, () -> store.materialize(SH));

        assertTrue(String.valueOf(failure.getMessage()).startsWith("cannot make the layer " + blocked + ": "));
        try (Stream<Path> entries = Files.list(directory)) {
            assertEquals(List.of(blocked), entries.toList());
        }
    }

    @Test
    void removesWhatADeadMakerHasLeft() throws IOException {
        Path layer = store.materialize(SH);
        Path dead = Files.createDirectories(directory.resolve(".new-4194305-123")); // above any pid_max
        Files.createDirectories(dead.resolve("usr/bin"));
        Path alive = Files.createDirectory(
                directory.resolve(".new-" + ProcessHandle.current().pid() + "-123"));

        assertEquals(List.of(dead), store.abandoned());
        store.removeAbandoned();

        assertFalse(Files.exists(dead));
        assertTrue(Files.exists(alive));
        assertTrue(Files.exists(layer));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
