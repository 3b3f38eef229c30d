package dev.caisson.program;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the headers of the kernel and the C library on this machine say, where there are any. */
final class KernelHeaders {

    private static final Path INCLUDE = Path.of("/usr/include");

    private static final Pattern DEFINITION = Pattern.compile("#define\\s+(\\w+)\\s+(\\d+)\\b.*");

    /** Those that are enum constants, which the preprocessor does not know. */
    private static final List<String> ENUMERATED = List.of("FSCONFIG_", "MSG_NOSIGNAL", "SCM_RIGHTS");

    private KernelHeaders() {}

    /** The numbers that headers define by name, as plain decimals. */
    static Map<String, Integer> defined(String... headers) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        for (String header : headers) {
            Path file = INCLUDE.resolve(header);
            assumeTrue(Files.exists(file), file + " is not there; install linux-libc-dev");
            for (String line : Files.readAllLines(file)) {
                Matcher definition = DEFINITION.matcher(line);
                if (definition.matches()) {
                    numbers.put(definition.group(1), Integer.valueOf(definition.group(2)));
                }
            }
        }
        return numbers;
    }

    /** The values of constants as this machine's C compiler sees them; those that its headers are too old for are missing. */
    static Map<String, Long> compiled(Collection<String> names, Path directory) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/gcc")) && Files.exists(INCLUDE.resolve("linux/mount.h")),
                "there is no C compiler with the kernel's headers here; install gcc, libc6-dev and linux-libc-dev");
        StringBuilder source = new StringBuilder("""
                #define _GNU_SOURCE
                #include <fcntl.h>
                #include <limits.h>
                #include <net/if.h>
                #include <poll.h>
                #include <sched.h>
                #include <signal.h>
                #include <stdio.h>
                #include <sys/file.h>
                #include <sys/ioctl.h>
                #include <sys/mman.h>
                #include <sys/resource.h>
                #include <sys/signalfd.h>
                #include <sys/socket.h>
                #include <sys/stat.h>
                #include <sys/timerfd.h>
                #include <sys/wait.h>
                #include <time.h>
                #include <linux/close_range.h>
                #include <linux/fs.h>
                #include <linux/memfd.h>
                #include <linux/mount.h>
                #include <linux/openat2.h>
                #include <linux/prctl.h>
                #include <linux/sched.h>
                #include <linux/seccomp.h>
                #include <linux/sockios.h>
                #include <linux/wait.h>
                #ifndef MNT_DETACH /* of sys/mount.h, which cannot be included together with linux/mount.h */
                #define MNT_DETACH 2
                #define UMOUNT_NOFOLLOW 8
                #endif
                #ifndef AT_RECURSIVE /* of linux/fcntl.h, which cannot be included together with fcntl.h */
                #define AT_RECURSIVE 0x8000
                #endif
                int main(void) {
                """);
        for (String name : names) {
            boolean enumerated = ENUMERATED.stream().anyMatch(name::startsWith);
            String line = "  printf(\"" + name + " %ld\\n\", (long) " + name + ");\n";
            source.append(enumerated ? line : "#ifdef " + name + "\n" + line + "#endif\n");
        }
        Path program = directory.resolve("constants");
        Path text = Files.writeString(
                directory.resolve("constants.c"), source.append("}\n").toString());
        run(List.of("/usr/bin/gcc", "-w", "-o", program.toString(), text.toString()));
        Map<String, Long> values = new HashMap<>();
        run(List.of(program.toString())).lines().forEach(line -> {
            int blank = line.indexOf(' ');
            values.put(line.substring(0, blank), Long.valueOf(line.substring(blank + 1)));
        });
        return values;
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + output);
        }
        return output;
    }
}
