package dev.caisson.vfs;

import dev.caisson.program.Argument;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of file names. To the kernel a name is bytes; to Java it is a text in the locale's encoding, in which not every name can be
 * written. A {@link Path} that was read from a directory still has the right bytes, which only its URI shows.
 */
final class FileNames {

    /** A place that cannot exist: Path.toUri asks the file system whether a path is a directory, and shall not meet a container's. */
    private static final Path NOWHERE = Path.of("/dev/null/nowhere");

    private FileNames() {}

    /** A relative path for a system call; the empty one is the directory itself. */
    static Argument argument(Path relative) {
        return terminated(bytes(relative));
    }

    /** The bytes of a relative path. */
    static byte[] bytes(Path relative) {
        String text = relative.toString();
        if (text.isEmpty()) {
            return new byte[] {'.'};
        }
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        String escaped = NOWHERE.resolve(relative)
                .toUri()
                .getRawPath()
                .substring(NOWHERE.toString().length() + 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(escaped.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    /** Bytes as a C string. */
    static Argument terminated(byte[] bytes) {
        return new Argument.Bytes(Arrays.copyOf(bytes, bytes.length + 1));
    }
}
