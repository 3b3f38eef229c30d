/**
 * Root file systems as overlayfs mounts, after the kernel's Documentation/filesystems/overlayfs.rst: the layers stay as they are, and
 * what the container writes goes to an upper directory, in a tmpfs of its own or in a directory that is kept.
 *
 * <p>Everything is mounted in the container's mount namespace, and so goes away with it. The layers are mounted below a small tmpfs
 * first, under short names. That makes the options short however many layers there are and whatever their paths contain, keeps the
 * host's paths out of the container's mount table, and is the only way in a user namespace, where the layers must be mapped.
 *
 * <p>It does not limit a kept upper: that is for the quota of its file system.
 */
@NullMarked
package dev.caisson.overlay;

import org.jspecify.annotations.NullMarked;
