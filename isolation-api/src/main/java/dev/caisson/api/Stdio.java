package dev.caisson.api;

import java.nio.file.Path;

/** Where one of a command's standard streams goes. */
public sealed interface Stdio {

    /** The stream of the process that starts the container. */
    record Inherit() implements Stdio {}

    /** A pipe to the process that starts the container. */
    record Pipe() implements Stdio {}

    /** {@code /dev/null}. */
    record Discard() implements Stdio {}

    /** A file of the host; output appends to it or replaces its content. */
    record File(Path path, boolean append) implements Stdio {}
}
