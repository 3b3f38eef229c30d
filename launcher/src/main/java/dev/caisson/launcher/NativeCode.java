package dev.caisson.launcher;

import com.sun.jna.Native;
import dev.caisson.api.HostException;
import dev.caisson.program.Architecture;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** Loads JNA's native library, from beside our own jar if it is there, so that nothing needs to be copied out of JNA's. */
final class NativeCode {

    private static final String BOOT_PATH = "jna.boot.library.path";

    private static final String NO_UNPACKING = "jna.nounpack";

    private NativeCode() {}

    /** An exception that says what would help, if system calls cannot be made. */
    static void require() {
        try {
            LibC.load();
        } catch (LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new HostException(
                    "launcher: load JNA's native library: " + cause.getMessage()
                            + "; put libjnidispatch.so of JNA's jar into a directory and name that with -D" + BOOT_PATH
                            + ", or name one from which code may be executed with -Djna.tmpdir",
                    e);
        }
    }

    /** The properties are set only for the moment in which JNA reads them: they would mean as much to another copy of JNA. */
    static void load() {
        Optional<Path> directory = System.getProperty(BOOT_PATH) == null ? besideOurJar() : Optional.empty();
        boolean unpackingUndecided = directory.isPresent() && System.getProperty(NO_UNPACKING) == null;
        directory.ifPresent(path -> System.setProperty(BOOT_PATH, path.toString()));
        if (unpackingUndecided) {
            System.setProperty(NO_UNPACKING, "true"); // else it looks for a cache, and warns if it finds none
        }
        try {
            Native.getLastError();
        } finally {
            directory.ifPresent(path -> System.clearProperty(BOOT_PATH));
            if (unpackingUndecided) {
                System.clearProperty(NO_UNPACKING);
            }
        }
    }

    /** The directory with the native library in a distribution: lib/launcher.jar, native/linux-x86-64/libjnidispatch.so. */
    private static Optional<Path> besideOurJar() {
        CodeSource source = NativeCode.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return Optional.empty();
        }
        try {
            Path jar = Path.of(source.getLocation().toURI()).toAbsolutePath();
            Path directory =
                    jar.resolve("../../native/linux-" + Architecture.current()).normalize();
            return Optional.of(directory).filter(path -> Files.isRegularFile(path.resolve("libjnidispatch.so")));
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty(); // not a file: the jar is within another, say
        }
    }
}
