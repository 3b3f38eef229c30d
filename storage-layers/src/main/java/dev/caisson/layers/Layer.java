package dev.caisson.layers;

import java.nio.file.Path;
import java.util.List;

/** A layer of a root file system, as a profile names it: not yet a directory. */
public sealed interface Layer {

    /** A directory of the host, as it is. */
    record Directory(Path path) implements Layer {}

    /**
     * Programs of the host, with the shared libraries that they need.
     *
     * @param programs absolute paths, or names to search for in the usual directories
     */
    record HostPrograms(List<String> programs) implements Layer {
        public HostPrograms {
            programs = List.copyOf(programs);
        }
    }
}
