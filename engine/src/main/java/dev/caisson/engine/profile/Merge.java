package dev.caisson.engine.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Lays one tree over another: mappings merge key by key, everything else replaces what was there. */
final class Merge {

    /** What is a mapping with the one name of a backend as its key: another name replaces it. */
    private static final Set<String> ONE_NAME = Set.of("rootfs.provider", "resources.controller");

    private Merge() {}

    /** The base, as far as what lies over it says nothing else. Marks are those of what counts. */
    static Node.Mapping over(Node.Mapping base, Node.Mapping over) {
        Map<String, Node.Entry> merged = new LinkedHashMap<>(base.entries());
        over.entries().forEach((key, entry) -> merged.merge(key, entry, Merge::entry));
        return new Node.Mapping(over.mark(), merged);
    }

    private static Node.Entry entry(Node.Entry base, Node.Entry over) {
        return base.value() instanceof Node.Mapping below
                        && over.value() instanceof Node.Mapping above
                        && !replaces(below, above)
                ? new Node.Entry(over.key(), over(below, above))
                : over;
    }

    private static boolean replaces(Node.Mapping base, Node.Mapping over) {
        return ONE_NAME.contains(over.mark().path())
                && !base.entries().keySet().equals(over.entries().keySet());
    }
}
