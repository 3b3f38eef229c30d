package dev.caisson.layers;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a root file system has besides programs: directories to mount on, and names for user ids. */
final class Skeleton {

    /** Directories with their modes. */
    static final Map<String, Integer> DIRECTORIES = Map.ofEntries(
            Map.entry("/dev", 0755),
            Map.entry("/etc", 0755),
            Map.entry("/home", 0755),
            Map.entry("/home/user", 0755),
            Map.entry("/proc", 0755),
            Map.entry("/root", 0700),
            Map.entry("/run", 0755),
            Map.entry("/sys", 0755),
            Map.entry("/tmp", 01777),
            Map.entry("/var", 0755),
            Map.entry("/var/tmp", 01777));

    /** The directory that belongs to {@link #USER}. */
    static final String HOME = "/home/user";

    /** The user that is nobody special, and its group. */
    static final int USER = 1000;

    private Skeleton() {}

    /** Files with their content. The users have no passwords; nobody can log in. */
    static Map<String, byte[]> texts() {
        return Map.of("/etc/passwd", utf8("""
                        root:x:0:0:root:/root:/bin/sh
                        user:x:1000:1000:user:/home/user:/bin/sh
                        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
                        """), "/etc/group", utf8("""
                        root:x:0:
                        tty:x:5:
                        user:x:1000:
                        nogroup:x:65534:
                        """), "/etc/nsswitch.conf", utf8("""
                        passwd: files
                        group: files
                        hosts: files dns
                        """));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
