package dev.caisson.cgroupv2;

import org.jspecify.annotations.Nullable;

/**
 * What a profile may say to the backend.
 *
 * @param parent the group in which containers' groups are made, below where the hierarchy is mounted; "/" unless given. It must exist,
 *     and have no processes of its own unless it is the root
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
