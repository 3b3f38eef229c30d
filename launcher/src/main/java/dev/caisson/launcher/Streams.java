package dev.caisson.launcher;

import dev.caisson.api.Stdio;

/** Where a command's three standard streams go. */
public record Streams(Stdio stdin, Stdio stdout, Stdio stderr) {

    /** All three those of this process. */
    public static final Streams INHERIT = new Streams(new Stdio.Inherit(), new Stdio.Inherit(), new Stdio.Inherit());

    /** Three pipes. */
    public static final Streams PIPES = new Streams(new Stdio.Pipe(), new Stdio.Pipe(), new Stdio.Pipe());

    /** All three {@code /dev/null}. */
    public static final Streams DISCARD = new Streams(new Stdio.Discard(), new Stdio.Discard(), new Stdio.Discard());
}
