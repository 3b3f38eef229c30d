package dev.caisson.cgroupv1;

import org.jspecify.annotations.Nullable;

/**
 * What a profile may say to the backend.
 *
 * @param parent the group in which containers' groups are made, below where the hierarchies are mounted; "/" unless given. It must exist
 *     in every hierarchy that a container needs
 * @param lean whether a container gets groups only where its limits need them, and not those that a JVM inside must see to find its
 *     limits ({@link View}); a start is then some 100 µs faster. False unless given
 */
public record Options(@Nullable String parent, @Nullable Boolean lean) {

    public Options {
        if (parent != null && !parent.matches("/|(/(?!\\.{1,2}(/|$))[^/]+)+")) {
            throw new IllegalArgumentException(
                    "\"" + parent + "\" is not the absolute path of a group; write one such as /machines");
        }
    }

    /** Whether a container shall see what a JVM must see. */
    boolean showsAll() {
        return !Boolean.TRUE.equals(lean);
    }

    /** The parent as what follows a mount point: empty for "/". */
    String suffix() {
        return parent == null || parent.equals("/") ? "" : parent;
    }
}
