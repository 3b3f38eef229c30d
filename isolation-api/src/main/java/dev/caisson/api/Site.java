package dev.caisson.api;

import java.nio.file.Path;

/**
 * One container's names and places on the host. Everything that a container leaves can be found again from its id.
 *
 * @param id the container's id: lower case letters, digits and hyphens, unique on the host
 * @param state the engine's state directory, mode 0700, on a tmpfs; it has an empty directory {@code mnt} to mount on
 * @param storage the engine's directory for what is large, mode 0700, on a disk
 */
public record Site(String id, Path state, Path storage) {

    public Site {
        if (!id.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException("not a container id: " + id);
        }
    }

    /** An empty directory that always exists, on which a container mounts in its own mount namespace. */
    public Path mountPoint() {
        return state.resolve("mnt");
    }

    /** The directory of all records. */
    public Path records() {
        return state.resolve("run");
    }

    /** The record of the run, which recovery reads. */
    public Path record() {
        return records().resolve(id + ".json");
    }

    /** The container's own directory for what was prepared for it; it may not exist. */
    public Path data() {
        return storage.resolve("containers").resolve(id);
    }

    /** The directory of everything that waits to be deleted. */
    public Path trashes() {
        return storage.resolve("trash");
    }

    /** Where {@link #data()} is renamed to when the container has ended; emptied later. */
    public Path trash() {
        return trashes().resolve(id);
    }

    /** The name of the container's cgroup in each hierarchy. */
    public String cgroup() {
        return "caisson-" + id;
    }
}
