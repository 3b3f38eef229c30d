package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.caisson.api.HostException;
import dev.caisson.program.Errno;

/**
 * Puts an executable into a sealed memfd: it is on no file system, and nobody can change it afterwards, not through {@code /proc/self/exe}
 * of a process that runs it either (CVE-2019-5736).
 */
final class Executable {

    private Executable() {}

    /** The descriptor of the memfd. */
    static int seal(Kernel kernel, byte[] elf) {
        int descriptor = create(kernel);
        try (Memory content = new Memory(elf.length)) {
            content.write(0, elf, 0, elf.length);
            for (long written = 0; written < elf.length; ) {
                written += kernel.require(
                        "write the program", kernel.write(descriptor, content.share(written), elf.length - written));
            }
            kernel.require(
                    "seal the program",
                    kernel.call(
                            "fcntl",
                            descriptor,
                            kernel.constant("F_ADD_SEALS"),
                            kernel.constant("F_SEAL_SEAL", "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_WRITE")));
        } catch (RuntimeException e) {
            kernel.close(descriptor);
            throw e;
        }
        return descriptor;
    }

    private static int create(Kernel kernel) {
        long flags = kernel.constant("MFD_CLOEXEC", "MFD_ALLOW_SEALING");
        try (Memory name = Kernel.string("caisson")) {
            long address = Pointer.nativeValue(name);
            long descriptor = kernel.call("memfd_create", address, flags | kernel.constant("MFD_EXEC"));
            if (descriptor == -Errno.EINVAL.number()) { // before Linux 6.3 there is no MFD_EXEC, and none is needed
                descriptor = kernel.call("memfd_create", address, flags);
            }
            if (descriptor == -Errno.EACCES.number()) {
                throw new HostException(
                        "launcher: make an executable memfd: EACCES (Permission denied); the host forbids it,"
                                + " set the sysctl vm.memfd_noexec to 0 or 1");
            }
            return kernel.high("make a memfd", descriptor);
        }
    }
}
