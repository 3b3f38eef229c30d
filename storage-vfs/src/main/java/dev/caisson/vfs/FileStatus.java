package dev.caisson.vfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What stat(2) says about a file, as far as a copy needs it.
 *
 * @param mode type and permissions
 * @param device the file system that it is on
 * @param inode its number there
 * @param links how many names it has
 * @param node the device that it is a node of
 * @param size its length in bytes
 */
record FileStatus(
        int mode,
        int uid,
        int gid,
        long device,
        long inode,
        int links,
        long node,
        long size,
        FileTime accessed,
        FileTime modified) {

    private static final int TYPE = 0xf000;
    private static final int DIRECTORY = 0x4000;
    private static final int REGULAR = 0x8000;
    private static final int LINK = 0xa000;
    private static final int CHARACTER_DEVICE = 0x2000;
    private static final int BLOCK_DEVICE = 0x6000;

    static FileStatus of(Path path) throws IOException {
        Map<String, Object> read = Files.readAttributes(
                path,
                "unix:mode,uid,gid,dev,ino,nlink,rdev,size,lastAccessTime,lastModifiedTime",
                LinkOption.NOFOLLOW_LINKS);
        return new FileStatus(
                number(read, "mode").intValue(),
                number(read, "uid").intValue(),
                number(read, "gid").intValue(),
                number(read, "dev").longValue(),
                number(read, "ino").longValue(),
                number(read, "nlink").intValue(),
                number(read, "rdev").longValue(),
                number(read, "size").longValue(),
                time(read, "lastAccessTime"),
                time(read, "lastModifiedTime"));
    }

    private static Number number(Map<String, Object> read, String name) {
        if (read.get(name) instanceof Number number) {
            return number;
        }
        throw new IllegalStateException("this platform's files have no attribute unix:" + name);
    }

    private static FileTime time(Map<String, Object> read, String name) {
        if (read.get(name) instanceof FileTime time) {
            return time;
        }
        throw new IllegalStateException("this platform's files have no attribute unix:" + name);
    }

    int type() {
        return mode & TYPE;
    }

    int permissions() {
        return mode & 07777;
    }

    boolean isDirectory() {
        return type() == DIRECTORY;
    }

    boolean isRegular() {
        return type() == REGULAR;
    }

    boolean isLink() {
        return type() == LINK;
    }

    boolean isDevice() {
        return type() == CHARACTER_DEVICE || type() == BLOCK_DEVICE;
    }
}
