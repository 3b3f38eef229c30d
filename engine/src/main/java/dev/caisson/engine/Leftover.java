package dev.caisson.engine;

import java.nio.file.Path;

/**
 * Something that a killed run has left.
 *
 * @param what what it is, in words
 * @param path where it is
 */
public record Leftover(String what, Path path) {

    /** A leftover that could not be removed, and why. */
    public record Kept(Leftover leftover, String reason) {}
}
