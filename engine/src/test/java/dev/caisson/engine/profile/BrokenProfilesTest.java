package dev.caisson.engine.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.ProfileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each profile in {@code broken} has the error that it must give in its first line; {@code -Dcaisson.update=true} writes what it gives. */
class BrokenProfilesTest {

    static final Path BROKEN = Path.of("src/test/resources/broken");

    private static final String LEAST = "rootfs: {layers: [{host: [sh]}]}\nprocess: {command: [sh]}\n";

    private final ProfileReader reader = new ProfileReader();

    static Stream<Path> profiles() throws IOException {
        try (Stream<Path> files = Files.list(BROKEN)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void saysInOneLineWhereAndWhatAndWhatHelps(Path file) throws IOException {
        String message = String.valueOf(
                assertThrows(ProfileException.class, () -> reader.read(file)).getMessage());
        String placed = message.replace(BROKEN.toAbsolutePath() + "/", "/").replace(BROKEN + "/", "");
        if (Boolean.getBoolean("caisson.update")) {
            String rest = Files.readString(file).replaceFirst("^# .*\n", "");
            Files.writeString(file, "# " + placed + "\n" + rest);
        }
        assertEquals(Files.readAllLines(file).get(0), "# " + placed);
        assertFalse(message.contains("\n"));
    }

    @Test
    void aFileThatIsNotThere() {
        assertError(Path.of("no-such-profile.yaml"), "no-such-profile.yaml:1:1: does not exist; check the path");
    }

    @Test
    void aDirectory() {
        assertError(Path.of("src/test/resources"), "src/test/resources:1:1: is a directory; name the profile in it");
    }

    @Test
    void aFileBelowAFile() {
        Path file = BROKEN.resolve("text.yaml/x");
        assertError(file, file + ":1:1: cannot be read: Not a directory; check the path");
    }

    @Test
    void aFileThatMayNotBeRead(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("secret.yaml"), "name: x\n");
        Files.setPosixFilePermissions(file, Set.of());
        Assumptions.assumeFalse(Files.isReadable(file), "root may read every file");
        assertError(file, file + ":1:1: may not be read by this user; check its permissions");
    }

    @Test
    void anEmptyFileAndOneOfComments(@TempDir Path directory) throws IOException {
        for (String text : List.of("", "\n", "# nothing yet\n", "---\n")) {
            Path file = Files.writeString(directory.resolve("empty.yaml"), text);
            assertError(file, file + ":1:1: nothing is written here; a profile has at least rootfs: and process:");
        }
    }

    @Test
    void aBinaryFile(@TempDir Path directory) throws IOException {
        Path elf = Files.write(directory.resolve("elf"), new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0});
        assertError(elf, elf + ":1:1: character U+007F is not allowed; is this a binary file?");
        Path random = Files.write(directory.resolve("random"), new byte[] {'a', '\n', 'b', (byte) 0xff, (byte) 0xfe});
        assertError(
                random, random + ":2:2: byte 0xff is not UTF-8; save the profile as UTF-8, or is this a binary file?");
        Path cut = Files.write(directory.resolve("cut"), new byte[] {'a', (byte) 0xe2, (byte) 0x82});
        assertError(cut, cut + ":1:2: byte 0xe2 is not UTF-8; save the profile as UTF-8, or is this a binary file?");
    }

    @Test
    void aFileThatIsTooLarge(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("large.yaml"), "# ".repeat(1 << 20));
        assertError(file, file + ":1:1: larger than 1 MiB; is this a profile?");
        assertError(Path.of("/dev/zero"), "/dev/zero:1:1: larger than 1 MiB; is this a profile?");
    }

    @Test
    void tooManyProfilesThatExtendOneAnother(@TempDir Path directory) throws IOException {
        for (int i = 0; i < 9; i++) {
            Files.writeString(directory.resolve(i + ".yaml"), "extends: " + (i + 1) + ".yaml\n");
        }
        Path eighth = directory.resolve("7.yaml");
        Files.writeString(directory.resolve("8.yaml"), "name: last\n");
        assertError(
                directory.resolve("0.yaml"),
                eighth + ":1:10: extends: more than 8 profiles extend one another; merge some of them");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timeouts: {wall: @1s}",
                "resources: {cpuset: 0@-1}",
                "resources: {memory: 1@0}",
                "hostname: a@.a",
                "name: a@a",
                "network: {nameservers: [1@.1]}",
                "isolators: [a@a]",
                "? a@a\n: b",
                "network: {hosts: {a@a: 5}}",
                "resources: {pids: 1@}"
            })
    void veryLongValues(String keys) {
        String yaml = LEAST + keys.replace("@", "1s,-0.".repeat(100_000)) + "\n";
        ProfileException e = assertThrows(ProfileException.class, () -> reader.read(yaml, "x", Path.of("/")));
        assertTrue(String.valueOf(e.getMessage()).length() < 300);
        String digits = LEAST + keys.replace("@", "1".repeat(300_000)) + "\n";
        ProfileException other = assertThrows(ProfileException.class, () -> reader.read(digits, "x", Path.of("/")));
        assertTrue(String.valueOf(other.getMessage()).length() < 300, other.getMessage());
    }

    @Test
    void theTerminalIsSafeFromTheProfile() {
        String message = assertThrows(
                        ProfileException.class,
                        () -> reader.read(
                                "hostname: \"a\\e[31m\\u202e\\nb" + "x".repeat(500) + "\"\n" + LEAST,
                                "x",
                                Path.of("/")))
                .getMessage();
        assertEquals(
                "x:1:11: hostname: \"a\\u001b[31m\\u202e\\nb" + "x".repeat(51) + "...\" is not a host name of letters, "
                        + "digits, hyphens and dots, 64 at most; write it as db.local",
                message);
    }

    private void assertError(Path file, String expected) {
        assertEquals(
                expected,
                assertThrows(ProfileException.class, () -> reader.read(file)).getMessage());
    }
}
