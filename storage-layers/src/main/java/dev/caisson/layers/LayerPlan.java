package dev.caisson.layers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/**
 * The content of a layer that is yet to be made. All paths are absolute, as seen in the layer; parents sort before what is in them.
 *
 * @param directories each with its mode
 * @param links each symbolic link with its target
 * @param files each with the file of the host that it is a copy of
 * @param texts files that have no model on the host, each with its content
 */
record LayerPlan(
        SortedMap<String, Integer> directories,
        SortedMap<String, String> links,
        SortedMap<String, Source> files,
        SortedMap<String, byte[]> texts) {

    /** Goes up when layers are laid out differently, so that old ones are not taken for new. */
    private static final int FORMAT = 1;

    /**
     * A file of the host, as it was when the plan was made.
     *
     * @param path where it lies
     * @param state what changes when its content does: inode, size, modification time, owner and mode
     */
    record Source(Path path, String state) {

        static Source of(Path path) throws IOException {
            Map<String, Object> attributes = Files.readAttributes(
                    path, "unix:ino,size,lastModifiedTime,uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
            StringBuilder state = new StringBuilder();
            for (String name : List.of("ino", "size", "uid", "gid", "mode")) {
                state.append(attributes.get(name)).append(' ');
            }
            if (attributes.get("lastModifiedTime") instanceof FileTime modified) {
                state.append(modified.to(TimeUnit.NANOSECONDS));
            }
            return new Source(path, state.toString());
        }

        boolean changed() throws IOException {
            return !equals(of(path));
        }
    }

    /** A name for exactly this content. It is on the way of every start, so it does without the formatting of records. */
    String key() {
        StringBuilder text = new StringBuilder("format ").append(FORMAT).append('\0');
        directories.forEach(
                (path, mode) -> text.append(path).append('\0').append(mode).append('\0'));
        links.forEach(
                (path, target) -> text.append(path).append('\0').append(target).append('\0'));
        files.forEach((path, source) ->
                text.append(path).append('\0').append(source.state()).append('\0'));
        MessageDigest digest = sha256();
        digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
        texts.forEach((path, content) -> {
            digest.update(path.getBytes(StandardCharsets.UTF_8));
            digest.update(content);
        });
        return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), 16));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
