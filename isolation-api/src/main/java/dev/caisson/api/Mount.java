package dev.caisson.api;

import java.util.List;
import java.util.regex.Pattern;

/**
 * An entry of the mount table, as in proc_pid_mountinfo(5).
 *
 * @param root which directory of the file system is mounted: "/" for all of it
 * @param point where it is mounted
 * @param type the kind of file system, such as {@code tmpfs}
 * @param options the file system's own options, such as the controllers of a cgroup version 1 hierarchy
 */
public record Mount(String root, String point, String type, List<String> options) {

    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    public Mount {
        options = List.copyOf(options);
    }

    /** Reads the text of {@code /proc/self/mountinfo}; a later entry may cover an earlier one at the same place. */
    public static List<Mount> parse(String mountinfo) {
        return mountinfo.lines().map(Mount::line).toList();
    }

    private static Mount line(String line) {
        // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
        String[] halves = line.split(" - ", 2);
        String[] mount = halves[0].split(" ", -1);
        String[] fileSystem = halves[1].split(" ", -1);
        return new Mount(unescape(mount[3]), unescape(mount[4]), fileSystem[0], List.of(fileSystem[2].split(",", -1)));
    }

    /** Blanks, newlines and backslashes are octal. */
    private static String unescape(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> {
            char character = (char) Integer.parseInt(match.group(1), 8);
            return character == '\\' ? "\\\\" : String.valueOf(character);
        });
    }
}
