package dev.caisson.overlay;

import dev.caisson.api.Size;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a profile says to the overlay provider.
 *
 * @param size how much the container may write, {@code 256MiB} if not said; it counts as the container's memory
 * @param inodes how many files the container may make, one for each 4 KiB of the size if not said
 * @param keep a directory in which what the container writes is kept, in {@code upper}, for the next run; instead of size and inodes
 */
record OverlaySettings(
        @Nullable Size size,
        @Nullable Long inodes,
        @Nullable Path keep) {

    private static final Size DEFAULT_SIZE = new Size(256L << 20);
    private static final Size LEAST_SIZE = new Size(64L << 10);
    private static final long BYTES_PER_INODE = 4096;
    private static final long LEAST_INODES = 64;

    OverlaySettings {
        if (keep != null && (size != null || inodes != null)) {
            throw new IllegalArgumentException(
                    "size and inodes limit what is thrown away, and keep keeps it; leave out one or the other");
        }
        if (keep != null && !keep.isAbsolute()) {
            throw new IllegalArgumentException("keep: " + keep + " is relative; write an absolute path");
        }
        // tmpfs takes zero for no limit.
        if (size != null && size.bytes() < LEAST_SIZE.bytes()) {
            throw new IllegalArgumentException("size: " + size + " is too small; write at least " + LEAST_SIZE);
        }
        if (inodes != null && inodes < LEAST_INODES) {
            throw new IllegalArgumentException("inodes: " + inodes + " is too small; write at least " + LEAST_INODES);
        }
        if (keep == null) {
            size = size == null ? DEFAULT_SIZE : size;
            inodes = inodes == null ? Long.valueOf(Math.max(LEAST_INODES, size.bytes() / BYTES_PER_INODE)) : inodes;
        }
    }
}
