package dev.caisson.engine.profile;

import dev.caisson.api.ProfileException;
import java.nio.file.Path;

/**
 * Where a node was written.
 *
 * @param origin the text
 * @param line its line, from 1
 * @param column its column in code points, from 1
 * @param path the keys that lead to it, such as {@code resources.memory} or {@code rootfs.layers[1]}; empty for the root
 */
record Mark(Origin origin, int line, int column, String path) {

    /** The mark of a key's value, written at the same place. */
    Mark key(String key) {
        return new Mark(origin, line, column, path.isEmpty() ? key : path + "." + key);
    }

    /** The mark of an item, written at the same place. */
    Mark item(int index) {
        return new Mark(origin, line, column, path + "[" + index + "]");
    }

    /** The same keys, written at another place of the same text. */
    Mark at(int otherLine, int otherColumn) {
        return new Mark(origin, otherLine, otherColumn, path);
    }

    /** A path of the host that is written here, seen from the directory of the profile. */
    Path resolve(String text) {
        return origin.directory().resolve(text);
    }

    /** An error about what is here: "problem; remedy". */
    ProfileException error(String problem) {
        return new ProfileException(
                this + ": " + (path.isEmpty() ? "" : Quoted.shortened(path) + ": ") + Quoted.line(problem));
    }

    /** The place: {@code file:line:column}. */
    @Override
    public String toString() {
        String name = Quoted.line(origin.name());
        return origin.lines() ? name + ":" + line + ":" + column : name;
    }
}
