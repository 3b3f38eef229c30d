package dev.caisson.vfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.program.Argument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a copy keeps of its model. */
class TreeCopyIT extends TreeFixture {

    @Test
    void copiesAnEmptyLayerAndNoLayerAtAll() throws IOException {
        copy(layer);
        TreeCopy.copy(host, List.of(), copy, true);

        try (Stream<Path> entries = Files.list(copy)) {
            assertEquals(0, entries.count());
        }
    }

    @Test
    void copiesWhatIsInFiles() throws IOException {
        byte[] large = new byte[5_000_003];
        new Random(1).nextBytes(large);
        Files.write(layer.resolve("large"), large);
        Files.writeString(layer.resolve("small"), "a");
        Files.createFile(layer.resolve("empty"));

        copy(layer);

        assertArrayEquals(large, Files.readAllBytes(copy.resolve("large")));
        assertEquals("a", Files.readString(copy.resolve("small")));
        assertEquals(0, Files.size(copy.resolve("empty")));
    }

    @Test
    void copiesManyFilesWithoutMixingThemUp() throws IOException {
        for (int i = 0; i < 3000; i++) {
            Path directory = Files.createDirectories(layer.resolve("d" + i % 37 + "/e" + i % 5));
            Files.writeString(directory.resolve("f" + i), "content of " + i);
        }

        copy(layer);

        for (int i = 0; i < 3000; i++) {
            assertEquals("content of " + i, Files.readString(copy.resolve("d" + i % 37 + "/e" + i % 5 + "/f" + i)));
        }
    }

    @Test
    void keepsModesOfFilesAndDirectoriesWithTheirSpecialBits() throws IOException {
        for (int mode : new int[] {0, 0400, 0644, 0755, 04755, 02755, 01777, 06711, 07777}) {
            Path file = Files.createFile(layer.resolve("file" + Integer.toOctalString(mode)));
            Path directory = Files.createDirectory(layer.resolve("directory" + Integer.toOctalString(mode)));
            Files.setAttribute(file, "unix:mode", mode);
            Files.createFile(directory.resolve("inside"));
            Files.setAttribute(directory, "unix:mode", mode);
        }
        Files.setAttribute(layer, "unix:mode", 0711);

        copy(layer);

        assertSame(layer, copy);
    }

    @Test
    void keepsOwnersAndWithThemSetUserIdBits() throws IOException {
        Path file = Files.createFile(layer.resolve("file"));
        Path directory = Files.createDirectory(layer.resolve("directory"));
        Path link = Files.createSymbolicLink(layer.resolve("link"), Path.of("file"));
        int id = 100_000;
        for (Path path : List.of(file, directory, link, layer)) {
            Files.setAttribute(path, "unix:uid", id++, NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", id++, NOFOLLOW_LINKS);
        }
        Files.setAttribute(file, "unix:mode", 06755); // a change of owner would take it away

        copy(layer);

        assertSame(layer, copy);
        assertEquals(06755, (int) Files.getAttribute(copy.resolve("file"), "unix:mode") & 07777);
    }

    @Test
    void keepsTimesToTheNanosecond() throws IOException {
        Path directory = Files.createDirectory(layer.resolve("directory"));
        Path file = Files.createFile(directory.resolve("file"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        Path old = Files.createFile(directory.resolve("old"));
        long second = 1_000_000_000L;
        for (Path path : List.of(file, link, directory, layer)) {
            touch(path, Instant.ofEpochSecond(second++, 123_456_789), Instant.ofEpochSecond(second++, 987_654_321));
        }
        touch(old, Instant.ofEpochSecond(-1, 5), Instant.ofEpochSecond(-1_000_000, 999_999_999));

        copy(layer);

        assertEquals(
                FileTime.from(Instant.ofEpochSecond(-1_000_000, 999_999_999)),
                Files.getLastModifiedTime(copy.resolve("directory/old")));
        assertEquals(
                FileTime.from(Instant.ofEpochSecond(1_000_000_000, 123_456_789)),
                Files.getAttribute(copy.resolve("directory/file"), "lastAccessTime"));
        assertSame(layer, copy);
    }

    @Test
    void keepsExtendedAttributesOfEveryKind() throws IOException {
        Path file = Files.createFile(layer.resolve("file"));
        Path directory = Files.createDirectory(layer.resolve("directory"));
        Path link = Files.createSymbolicLink(layer.resolve("link"), Path.of("file"));
        byte[] capability = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}; // cap_net_raw=ep
        setAttribute(file, "security.capability", capability);
        setAttribute(file, "user.note", new byte[] {0, 1, 2, (byte) 0xff});
        setAttribute(file, "user.empty", new byte[0]);
        setAttribute(file, "user.large", new byte[3000]);
        setAttribute(directory, "user.note", new byte[] {7});
        setAttribute(directory, "trusted.note", new byte[] {8});
        setAttribute(link, "trusted.note", new byte[] {9});
        setAttribute(layer, "user.root", new byte[] {10});
        Files.setAttribute(file, "unix:uid", 1000);

        setAttribute(file, "security.capability", capability); // which the change of owner has taken away
        copy(layer);

        assertEquals(
                List.of("security.capability", "user.empty", "user.large", "user.note"),
                List.copyOf(attributes(copy.resolve("file")).keySet()));
        assertSame(layer, copy);
    }

    @Test
    void keepsAccessControlLists() throws IOException {
        Path file = Files.createFile(layer.resolve("file"));
        Files.setAttribute(file, "unix:mode", 0640);
        // Version 2; entries of tag, permissions and id: owner rw, user 1234 rwx, group r, mask r, others none.
        byte[] list = {
            2,
            0,
            0,
            0,
            1,
            0,
            6,
            0,
            -1,
            -1,
            -1,
            -1,
            2,
            0,
            7,
            0,
            (byte) 0xd2,
            4,
            0,
            0,
            4,
            0,
            4,
            0,
            -1,
            -1,
            -1,
            -1,
            16,
            0,
            4,
            0,
            -1,
            -1,
            -1,
            -1,
            32,
            0,
            0,
            0,
            -1,
            -1,
            -1,
            -1
        };
        setAttribute(file, "system.posix_acl_access", list);

        copy(layer);

        assertArrayEquals(list, attributes(copy.resolve("file")).get("system.posix_acl_access"));
        assertSame(layer, copy);
    }

    @Test
    void keepsLinksAsTheyAre() throws IOException {
        String longTarget = "a/".repeat(2000) + "end";
        for (String target :
                List.of("nowhere", "/etc/passwd", "../../../../etc", ".", "x//y/", "with space\n", longTarget)) {
            Files.createSymbolicLink(layer.resolve("link" + Integer.toHexString(target.hashCode())), Path.of(target));
        }
        symlinkOfBytes(new byte[] {'/', '/', 'a', (byte) 0xff, '/'}, layer.resolve("odd"));

        copy(layer);

        assertSame(layer, copy);
        try (Stream<Path> links = Files.list(layer)) {
            for (Path link : links.toList()) {
                assertEquals(Files.readSymbolicLink(link), Files.readSymbolicLink(copy.resolve(link.getFileName())));
            }
        }
    }

    @Test
    void keepsSpecialFilesWithoutOpeningThem() throws IOException {
        node(layer.resolve("pipe"), 0x1000 | 0620, 0);
        node(layer.resolve("socket"), 0xc000 | 0777, 0);
        node(layer.resolve("null"), 0x2000 | 0666, 0x103);
        node(layer.resolve("disk"), 0x6000 | 0660, (0xfdL << 8) | 0x12 | (0x345L << 20));
        Files.setAttribute(layer.resolve("pipe"), "unix:uid", 42);

        copy(layer);

        assertSame(layer, copy);
        for (String name : List.of("null", "disk")) {
            assertEquals(
                    Files.getAttribute(layer.resolve(name), "unix:rdev"),
                    Files.getAttribute(copy.resolve(name), "unix:rdev"));
        }
    }

    @Test
    void keepsNamesThatAreNoText() throws IOException {
        Files.createFile(layer.resolve("with space"));
        Files.createFile(layer.resolve("with\nnewline"));
        Files.createFile(layer.resolve("percent%41"));
        directoryOfBytes(new byte[] {(byte) 0xff, (byte) 0xfe, 'x'});
        directoryOfBytes("grün".getBytes(StandardCharsets.ISO_8859_1));
        directoryOfBytes("grün".getBytes(StandardCharsets.UTF_8));
        try (Stream<Path> entries = Files.list(layer)) {
            for (Path directory : entries.filter(Files::isDirectory).toList()) {
                Files.writeString(directory.resolve("inside"), "found");
            }
        }

        copy(layer);

        assertSame(layer, copy);
        try (Stream<Path> entries = Files.list(copy)) {
            assertEquals(6, entries.count());
        }
    }

    @Test
    void copiesDeepDirectories() throws IOException {
        Path deep = Files.createDirectories(layer.resolve("d/".repeat(1000)));
        Files.writeString(deep.resolve("file"), "deep");

        copy(layer);

        assertEquals("deep", Files.readString(copy.resolve("d/".repeat(1000) + "file")));
    }

    private void touch(Path path, Instant accessed, Instant modified) {
        Argument times = Argument.block(
                Argument.number(accessed.getEpochSecond()),
                Argument.number(accessed.getNano()),
                Argument.number(modified.getEpochSecond()),
                Argument.number(modified.getNano()));
        assertEquals(
                0,
                host.call(call("utimensat", Argument.CWD, text(path), times, Argument.flags("AT_SYMLINK_NOFOLLOW"))));
    }

    private void directoryOfBytes(byte[] name) {
        byte[] start = (layer + "/").getBytes(StandardCharsets.UTF_8);
        byte[] path = Arrays.copyOf(start, start.length + name.length + 1);
        System.arraycopy(name, 0, path, start.length, name.length);
        assertEquals(0, host.call(call("mkdirat", Argument.CWD, new Argument.Bytes(path), Argument.mode(0755))));
    }

    private void symlinkOfBytes(byte[] target, Path link) {
        Argument bytes = new Argument.Bytes(Arrays.copyOf(target, target.length + 1));
        assertEquals(0, host.call(call("symlinkat", bytes, Argument.CWD, text(link))));
    }
}
