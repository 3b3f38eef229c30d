package dev.caisson.cgroupv1;

import org.jspecify.annotations.Nullable;

/**
 * What a profile may say to the backend.
 *
 * @param parent the group in which containers' groups are made, below where the hierarchies are mounted; "/" unless given. It must exist
 *     in every hierarchy that a container needs
 */
public record Options(@Nullable String parent) {

    public Options {
        if (parent != null && !parent.matches("/|(/(?!\\.{1,2}(/|$))[^/]+)+")) {
            throw new IllegalArgumentException(
                    "\"" + parent + "\" is not the absolute path of a group; write one such as /machines");
        }
    }

    /** The parent as what follows a mount point: empty for "/". */
    String suffix() {
        return parent == null || parent.equals("/") ? "" : parent;
    }
}
