package dev.caisson.engine.profile;

import java.nio.file.Path;

/**
 * The text that nodes come from.
 *
 * @param name how errors name it: a file, or {@code --set resources.pids=64}
 * @param directory where its relative paths start
 * @param lines whether lines and columns help to find something in it
 */
record Origin(String name, Path directory, boolean lines) {

    /** The start of it, for what is wrong with the whole. */
    Mark start() {
        return new Mark(this, 1, 1, "");
    }
}
