package dev.caisson.layers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
            return new Source(path, new TreeMap<>(attributes).toString());
        }

        boolean changed() throws IOException {
            return !equals(of(path));
        }
    }

    /** A name for exactly this content. */
    String key() {
        MessageDigest digest = sha256();
        digest.update((FORMAT + "\n" + directories + "\n" + links + "\n" + files + "\n" + texts.keySet())
                .getBytes(StandardCharsets.UTF_8));
        texts.values().forEach(digest::update);
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
