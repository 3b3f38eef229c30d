/**
 * Root file systems as private copies: for hosts without overlayfs, and for chroot, which has no mounts of its own.
 *
 * <p>The layers are merged while they are copied: of two entries with the same name the upper layer's is taken, and directories are
 * merged as long as there are directories all the way down. A copy has the owners, modes, times to the nanosecond, extended attributes,
 * hard links and special files of its model; data is shared with it where the file system can, with the FICLONE operation of
 * ioctl_ficlone(2), or else copied in the kernel, by copy_file_range(2).
 *
 * <p>What layers contain is hostile. Everything in the copy is made relative to descriptors, in directories that this copy has made
 * itself, and nothing on the way to them may be a symbolic link (openat2(2)).
 *
 * <p>It does not know overlayfs's whiteouts, does not keep files sparse, and leaves labels of security modules to the host's policy.
 */
@NullMarked
package dev.caisson.vfs;

import org.jspecify.annotations.NullMarked;
