package dev.caisson.engine.profile;

import dev.caisson.api.ProfileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a file that ought to be a text, and says what it is if it is something else. */
final class ProfileText {

    private static final int LARGEST = 1 << 20;

    private ProfileText() {}

    /**
     * The text of a file of at most 1 MiB, without a byte order mark.
     *
     * @param asked where the file is asked for: what cannot be opened is an error there, bad content one in the file
     */
    static String read(Path file, Origin origin, Mark asked) {
        String name = asked.path().isEmpty() ? "" : Quoted.of(origin.name()) + " ";
        if (Files.isDirectory(file)) {
            throw asked.error(name + "is a directory; name the profile in it");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        } catch (NoSuchFileException e) {
            throw asked.error(name + "does not exist; check the path");
        } catch (AccessDeniedException e) {
            throw asked.error(name + "may not be read by this user; check its permissions");
        } catch (FileSystemException e) {
            throw asked.error(name + "cannot be read: " + e.getReason() + "; check the path");
        } catch (IOException e) {
            throw asked.error(name + "cannot be read: " + e.getMessage() + "; check the path");
        }
        if (bytes.length > LARGEST) {
            throw origin.start().error("larger than 1 MiB; is this a profile?");
        }
        return checked(decoded(bytes, origin), origin);
    }

    private static String decoded(byte[] bytes, Origin origin) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            throw after(text, origin)
                    .error("byte 0x%02x is not UTF-8; save the profile as UTF-8, or is this a binary file?"
                            .formatted(bytes[in.position()]));
        }
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /** Refuses what no YAML has: control characters, which a binary file is full of. */
    static String checked(String text, Origin origin) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r' && c != '\u0085';
            if (control || c == '\ufeff' || c >= '\ufffe' || loneSurrogate(text, i)) {
                throw after(text.substring(0, i), origin)
                        .error("character U+%04X is not allowed; is this a binary file?".formatted((int) c));
            }
        }
        return text;
    }

    private static boolean loneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private static Mark after(String text, Origin origin) {
        int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
        String last = text.substring(text.lastIndexOf('\n') + 1);
        return new Mark(origin, line, last.codePointCount(0, last.length()) + 1, "");
    }

    /** The text as it comes from elsewhere than a file. */
    static ProfileException empty(Origin origin) {
        return origin.start().error("nothing is written here; a profile has at least rootfs: and process:");
    }
}
