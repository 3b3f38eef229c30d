package dev.caisson.launcher.assembly;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.program.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs executables of both architectures: this machine's natively, the other's under qemu-user. */
public final class Emulation {

    private Emulation() {}

    /** The command line that runs an executable of an architecture; the test is skipped where there is none. */
    public static List<String> command(Architecture architecture, Path executable) {
        if (architecture == Architecture.current()) {
            return List.of(executable.toString());
        }
        String emulator = "qemu-" + (architecture == Architecture.X86_64 ? "x86_64" : "aarch64") + "-static";
        return List.of(find(emulator, "qemu-user-static").toString(), executable.toString());
    }

    /** A program on the PATH; the test is skipped where there is none. */
    static Path find(String program, String debianPackage) {
        List<Path> found = Stream.of(System.getenv("PATH").split(":", -1))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .toList();
        assumeTrue(!found.isEmpty(), "no " + program + "; install the package " + debianPackage);
        return found.get(0);
    }
}
