package dev.caisson.launcher;

import dev.caisson.api.Stdio;
import java.util.Optional;

/**
 * Where a command's three standard streams go.
 *
 * @param window the size of the terminal that takes their place, if the command gets one and the size is known
 */
public record Streams(Stdio stdin, Stdio stdout, Stdio stderr, Optional<WindowSize> window) {

    /** Streams without a window. */
    public Streams(Stdio stdin, Stdio stdout, Stdio stderr) {
        this(stdin, stdout, stderr, Optional.empty());
    }

    /** All three those of this process. */
    public static final Streams INHERIT = new Streams(new Stdio.Inherit(), new Stdio.Inherit(), new Stdio.Inherit());

    /** Three pipes. */
    public static final Streams PIPES = new Streams(new Stdio.Pipe(), new Stdio.Pipe(), new Stdio.Pipe());

    /** All three {@code /dev/null}. */
    public static final Streams DISCARD = new Streams(new Stdio.Discard(), new Stdio.Discard(), new Stdio.Discard());
}
