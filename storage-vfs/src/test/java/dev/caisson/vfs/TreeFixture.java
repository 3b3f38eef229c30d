package dev.caisson.vfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.api.Host;
import dev.caisson.launcher.Launcher;
import dev.caisson.layers.Trash;
import dev.caisson.program.Argument;
import dev.caisson.program.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two layers and a place for their copy on the real file system, and what Java cannot make or see there. */
abstract class TreeFixture {

    final Host host = new Launcher().host();

    @TempDir
    Path temporary;

    Path layer = Path.of("");
    Path upper = Path.of("");
    Path copy = Path.of("");

    @BeforeEach
    void setUp() throws IOException {
        assumeTrue(host.privileged(), "owners and device nodes need root");
        layer = Files.createDirectory(temporary.resolve("layer"));
        upper = Files.createDirectory(temporary.resolve("upper"));
        copy = Files.createDirectories(temporary.resolve("private/root"));
    }

    @AfterEach
    void deleteWhatJUnitCannot() {
        Trash.empty(temporary);
    }

    void copy(Path... layers) {
        TreeCopy.copy(host, List.of(layers), copy, true);
    }

    /** Compares everything about two trees but their content and the identity of files. */
    void assertSame(Path model, Path made) throws IOException {
        try (Stream<Path> paths = Files.walk(model)) {
            for (Path path : paths.toList()) {
                Path other = made.resolve(model.relativize(path));
                assertEquals(describe(path), describe(other), path.toString());
            }
        }
    }

    private String describe(Path path) throws IOException {
        Map<String, Object> all =
                Files.readAttributes(path, "unix:mode,uid,gid,rdev,nlink,lastModifiedTime", NOFOLLOW_LINKS);
        StringBuilder text = new StringBuilder(new TreeMap<>(all).toString());
        if (Files.isRegularFile(path, NOFOLLOW_LINKS)) {
            text.append(Files.size(path));
        }
        attributes(path).forEach((name, value) -> text.append(name).append(Arrays.toString(value)));
        return text.toString();
    }

    Map<String, byte[]> attributes(Path path) {
        return new ExtendedAttributes(new Calls(host)).of(path);
    }

    void setAttribute(Path path, String name, byte[] value) {
        Argument size = Argument.number(value.length);
        assertEquals(
                0,
                host.call(call(
                        "lsetxattr",
                        text(path),
                        Argument.text(name),
                        new Argument.Bytes(value),
                        size,
                        Argument.number(0))));
    }

    void node(Path path, int mode, long device) throws IOException {
        assertEquals(
                0, host.call(call("mknodat", Argument.CWD, text(path), Argument.mode(mode), Argument.number(device))));
        Files.setAttribute(path, "unix:mode", mode & 07777);
    }

    static Op.SystemCall call(String name, Argument... arguments) {
        return new Op.SystemCall(name, List.of(arguments));
    }

    static Argument text(Path path) {
        return Argument.text(path.toString());
    }
}
