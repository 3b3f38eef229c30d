package dev.caisson.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.regex.Pattern;

/** The modules by the packages that they consist of. */
final class Modules {

    static final String[] ISOLATION_API = {"dev.caisson.api..", "dev.caisson.program.."};
    static final String LAUNCHER = "dev.caisson.launcher..";
    static final String ASSEMBLY = "dev.caisson.launcher.assembly..";
    static final String LAYERS = "dev.caisson.layers..";
    static final String ENGINE = "dev.caisson.engine..";
    static final String CLI = "dev.caisson.cli..";

    static final String NAMESPACES = "dev.caisson.namespaces..";
    static final String CHROOT = "dev.caisson.chroot..";
    static final String SECCOMP = "dev.caisson.seccomp..";
    static final String CGROUP_V1 = "dev.caisson.cgroupv1..";
    static final String CGROUP_V2 = "dev.caisson.cgroupv2..";
    static final String OVERLAY = "dev.caisson.overlay..";
    static final String VFS = "dev.caisson.vfs..";

    /** Backends: whatever implements an SPI, with all that belongs to it. */
    static final String[] BACKENDS = {NAMESPACES, CHROOT, SECCOMP, CGROUP_V1, CGROUP_V2, OVERLAY, VFS};

    private Modules() {}

    /** Leaves out what Dagger generates, which is nobody's style. */
    static final class WithoutGenerated implements ImportOption {

        private static final Pattern GENERATED =
                Pattern.compile(".*/(Dagger[A-Z]\\w*|\\w+_\\w*Factory)(\\$[^/]*)?\\.class");

        @Override
        public boolean includes(Location location) {
            return !location.matches(GENERATED);
        }
    }
}
