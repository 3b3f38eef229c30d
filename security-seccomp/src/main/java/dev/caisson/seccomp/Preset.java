package dev.caisson.seccomp;

import dev.caisson.api.Capability;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A policy that comes with Caisson: a text file among this module's resources, which says why each of its parts is
 * so.
 */
public enum Preset {
    /** For programs that were written for a whole machine: what Docker allows. */
    DEFAULT,
    /** For programs that compute: no network, no inter-process communication, nothing of the kernel's odd corners. */
    STRICT,
    /** No filter, unless the profile refuses something of its own. */
    NONE;

    // Each file is read when it is first asked for, and never again: no start should have to wait for that.

    private static final class Default {
        static final PresetFile FILE = PresetFile.read(DEFAULT + ".preset");
    }

    private static final class Strict {
        static final PresetFile FILE = PresetFile.read(STRICT + ".preset");
    }

    private static final class None {
        static final PresetFile FILE = PresetFile.read(NONE + ".preset");
    }

    private PresetFile file() {
        return switch (this) {
            case DEFAULT -> Default.FILE;
            case STRICT -> Strict.FILE;
            case NONE -> None.FILE;
        };
    }

    /** What happens with calls that it has no rule for. */
    public Action otherwise() {
        return file().otherwise();
    }

    /** The rules for a container that has some capabilities in its bounding set, and no others. */
    public List<Rule> rules(Set<Capability> capabilities) {
        return file().rules(capabilities);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
