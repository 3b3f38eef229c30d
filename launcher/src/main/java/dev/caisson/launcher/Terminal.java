package dev.caisson.launcher;

import java.io.InputStream;
import java.io.OutputStream;

/** The master side of a container's terminal, as in pty(7). Closing either stream closes it, as with a socket. */
public interface Terminal extends AutoCloseable {

    /** What the container writes; ends when its last descriptor of the terminal is closed. */
    InputStream output();

    /** What the container reads. */
    OutputStream input();

    /** Sets the window size; the container gets SIGWINCH. */
    void resize(WindowSize size);

    @Override
    void close();
}
