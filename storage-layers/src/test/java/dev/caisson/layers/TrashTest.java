package dev.caisson.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrashTest {

    @TempDir
    Path temporary;

    private Path trash;

    @BeforeEach
    void setUp() throws IOException {
        trash = Files.createDirectory(temporary.resolve("trash"));
    }

    @Test
    void isEmptyWhenItDoesNotExist() {
        Trash.empty(temporary.resolve("none"));
    }

    @Test
    void deletesEverythingButItself() throws IOException {
        Files.createFile(Files.createDirectories(trash.resolve("a/b/c")).resolve("file"));
        Files.createDirectories(trash.resolve("a/b/empty"));
        Files.createFile(trash.resolve("a/.hidden"));
        Files.createFile(trash.resolve("a/with\nnewline"));
        Files.createFile(trash.resolve("file"));

        Trash.empty(trash);

        assertEmpty();
    }

    @Test
    void followsNoLink() throws IOException {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Path file = Files.createFile(outside.resolve("file"));
        Files.createDirectory(trash.resolve("a"));
        Files.createSymbolicLink(trash.resolve("a/directory"), outside);
        Files.createSymbolicLink(trash.resolve("a/file"), file);
        Files.createSymbolicLink(trash.resolve("top"), outside);
        Files.createSymbolicLink(trash.resolve("self"), Path.of("."));
        Files.createLink(trash.resolve("a/hard"), file);

        Trash.empty(trash);

        assertEmpty();
        assertTrue(Files.exists(file));
    }

    @Test
    void isNoLinkItself() throws IOException {
        Files.createFile(trash.resolve("file"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), trash);

        Trash.empty(link);

        assertTrue(Files.exists(trash.resolve("file")));
    }

    @Test
    void getsThroughEveryMode() throws IOException {
        for (int mode : new int[] {0, 0100, 0200, 0400, 0500, 0600}) {
            Path directory = Files.createDirectories(trash.resolve("a/m" + mode + "/n" + mode));
            Files.createFile(directory.resolve("file"));
            Files.createDirectories(directory.resolve("b/c"));
            Files.setAttribute(directory.resolve("b"), "unix:mode", mode);
            Files.setAttribute(directory, "unix:mode", mode);
            Files.setAttribute(trash.resolve("a/m" + mode), "unix:mode", mode);
        }
        Files.setAttribute(trash.resolve("a"), "unix:mode", 0);

        Trash.empty(trash);

        assertEmpty();
    }

    @Test
    void deletesTreesDeeperThanAPathCanBe() throws IOException {
        Path tree = trash.resolve("tree");
        Files.createDirectories(tree.resolve(("d".repeat(200) + "/").repeat(10)));
        for (int i = 0; i < 6; i++) {
            Path deeper = Files.createDirectories(temporary.resolve("next/" + ("d".repeat(200) + "/").repeat(10)));
            Files.move(tree, deeper.resolve("tree"));
            Files.move(temporary.resolve("next"), tree);
        }

        Trash.empty(trash);

        assertEmpty();
    }

    @Test
    void twoMayEmptyItAtOnce() throws IOException {
        for (int i = 0; i < 300; i++) {
            Files.createFile(Files.createDirectories(trash.resolve("a" + i % 7 + "/b" + i % 11 + "/c" + i))
                    .resolve("f"));
        }

        List<CompletableFuture<Void>> both = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.runAsync(() -> Trash.empty(trash)))
                .toList();
        both.forEach(CompletableFuture::join);

        assertEmpty();
    }

    private void assertEmpty() throws IOException {
        try (Stream<Path> entries = Files.list(trash)) {
            assertEquals(List.of(), entries.toList());
        }
    }
}
