package dev.caisson.vfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.program.Argument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of several layers, also of hostile ones. */
class TreeMergeIT extends TreeFixture {

    @Test
    void keepsHardLinksWithinALayer() throws IOException {
        Path first = Files.writeString(Files.createDirectory(layer.resolve("z")).resolve("first"), "shared");
        Files.createLink(Files.createDirectory(layer.resolve("a")).resolve("second"), first);
        Files.createLink(layer.resolve("third"), first);
        Files.createLink(upper.resolve("other"), first); // another layer's file stays another file
        Path link = Files.createSymbolicLink(layer.resolve("link"), Path.of("target"));
        host.call(call(
                "linkat", Argument.CWD, text(link), Argument.CWD, text(layer.resolve("same")), Argument.number(0)));

        copy(layer, upper);

        assertEquals(inode(copy.resolve("z/first")), inode(copy.resolve("a/second")));
        assertEquals(inode(copy.resolve("z/first")), inode(copy.resolve("third")));
        assertEquals(inode(copy.resolve("link")), inode(copy.resolve("same")));
        assertNotEquals(inode(copy.resolve("third")), inode(copy.resolve("other")));
        assertNotEquals(inode(first), inode(copy.resolve("third")));
        assertEquals("shared", Files.readString(copy.resolve("a/second")));
    }

    @Test
    void leavesDeviceNodesOutWhereNothingMakesThemHarmless() throws IOException {
        node(layer.resolve("disk"), 0x6000 | 0666, 0x801);
        node(layer.resolve("pipe"), 0x1000 | 0666, 0);

        TreeCopy.copy(host, List.of(layer), copy, false);

        assertFalse(Files.exists(copy.resolve("disk"), NOFOLLOW_LINKS));
        assertTrue(Files.exists(copy.resolve("pipe"), NOFOLLOW_LINKS));
    }

    @Test
    void aLayerMayBeNamedByALink() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), layer);
        Files.createFile(layer.resolve("file"));
        Files.setAttribute(layer, "unix:mode", 0711);

        copy(link);

        assertSame(layer, copy);
    }

    @Test
    void takesTheUpperLayersFile() throws IOException {
        Files.writeString(layer.resolve("file"), "lower");
        Files.writeString(upper.resolve("file"), "upper");
        Files.setAttribute(upper.resolve("file"), "unix:mode", 0600);

        copy(layer, upper);

        assertEquals("upper", Files.readString(copy.resolve("file")));
        assertSame(upper, copy);
    }

    @Test
    void mergesDirectoriesAndTakesTheUppersAttributes() throws IOException {
        Files.writeString(Files.createDirectory(layer.resolve("d")).resolve("lower"), "l");
        Files.writeString(Files.createDirectory(upper.resolve("d")).resolve("upper"), "u");
        Files.setAttribute(upper.resolve("d"), "unix:mode", 0700);
        Files.setAttribute(layer.resolve("d"), "unix:mode", 0777);

        copy(layer, upper);

        assertEquals("l", Files.readString(copy.resolve("d/lower")));
        assertEquals("u", Files.readString(copy.resolve("d/upper")));
        assertEquals(0700, (int) Files.getAttribute(copy.resolve("d"), "unix:mode") & 07777);
    }

    @Test
    void replacesADirectoryByAFileAndAFileByADirectory() throws IOException {
        Files.createFile(Files.createDirectory(layer.resolve("a")).resolve("hidden"));
        Files.writeString(upper.resolve("a"), "a file now");
        Files.writeString(layer.resolve("b"), "a file once");
        Files.createFile(Files.createDirectory(upper.resolve("b")).resolve("new"));

        copy(layer, upper);

        assertEquals("a file now", Files.readString(copy.resolve("a")));
        assertTrue(Files.exists(copy.resolve("b/new")));
    }

    @Test
    void doesNotMergeWithWhatAMiddleLayerHides() throws IOException {
        Path middle = Files.createDirectory(temporary.resolve("middle"));
        Files.createFile(Files.createDirectory(layer.resolve("a")).resolve("hidden"));
        Files.createFile(middle.resolve("a"));
        Files.createFile(Files.createDirectory(upper.resolve("a")).resolve("new"));

        copy(layer, middle, upper);

        assertFalse(Files.exists(copy.resolve("a/hidden")));
        assertTrue(Files.exists(copy.resolve("a/new")));
    }

    @Test
    void neverFollowsALinkWhenLayersConspire() throws IOException {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.createSymbolicLink(layer.resolve("a"), outside);
        Files.writeString(Files.createDirectory(upper.resolve("a")).resolve("passwd"), "planted");

        copy(layer, upper);

        assertFalse(Files.exists(outside.resolve("passwd")));
        assertTrue(Files.isDirectory(copy.resolve("a"), NOFOLLOW_LINKS));
        assertEquals("planted", Files.readString(copy.resolve("a/passwd")));
    }

    @Test
    void neverFollowsALinkTheOtherWayRound() throws IOException {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "the host's");
        Files.writeString(Files.createDirectory(layer.resolve("a")).resolve("secret"), "planted");
        Files.createSymbolicLink(upper.resolve("a"), outside);
        Files.createSymbolicLink(upper.resolve("file"), outside.resolve("secret"));

        copy(layer, upper);

        assertEquals("the host's", Files.readString(outside.resolve("secret")));
        assertEquals(outside, Files.readSymbolicLink(copy.resolve("a")));
        assertTrue(Files.isSymbolicLink(copy.resolve("file")));
    }

    private static Object inode(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino", NOFOLLOW_LINKS);
    }
}
