package dev.caisson.launcher;

import dev.caisson.api.Stdio;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The descriptors of one start, while it happens: the monitor's ends are closed here in any case, as it has copies of its own; our ends only
 * if the start fails.
 */
final class Ends implements AutoCloseable {

    private final Kernel kernel;
    private final Map<Integer, Integer> theirs = new TreeMap<>();
    private final List<Integer> opened = new ArrayList<>();
    private final List<Integer> ours = new ArrayList<>();
    private int nowhere = -1;

    Ends(Kernel kernel) {
        this.kernel = kernel;
    }

    /** The monitor's descriptors: its number to the one here. */
    Map<Integer, Integer> theirs() {
        return Collections.unmodifiableMap(theirs);
    }

    /** Takes charge of a descriptor that the spawn needs. */
    int give(int descriptor) {
        opened.add(descriptor);
        return descriptor;
    }

    /** Makes a socket pair, one end of which the monitor gets at {@code number}; returns the other. */
    int socket(int number) {
        int[] pair = kernel.socketPair();
        theirs.put(number, give(pair[0]));
        ours.add(pair[1]);
        return pair[1];
    }

    /** The command's standard input. */
    OutputStream input(Stdio stdio, int number) {
        if (stdio instanceof Stdio.Pipe) {
            int[] pipe = kernel.pipe();
            theirs.put(number, give(pipe[0]));
            ours.add(pipe[1]);
            return new DescriptorOutput(kernel, new Descriptor(kernel, pipe[1]));
        }
        connect(stdio, number, "O_RDONLY");
        return OutputStream.nullOutputStream();
    }

    /** The command's standard output or error. */
    InputStream output(Stdio stdio, int number) {
        if (stdio instanceof Stdio.Pipe) {
            int[] pipe = kernel.pipe();
            theirs.put(number, give(pipe[1]));
            ours.add(pipe[0]);
            return new BufferedInputStream(new DescriptorInput(kernel, new Descriptor(kernel, pipe[0])));
        }
        boolean append = stdio instanceof Stdio.File file && file.append();
        connect(stdio, number, "O_WRONLY", "O_CREAT", append ? "O_APPEND" : "O_TRUNC");
        return InputStream.nullInputStream();
    }

    /** Leaves our ends open: the start has succeeded. */
    void keep() {
        ours.clear();
    }

    @Override
    public void close() {
        opened.forEach(kernel::close);
        opened.clear();
        ours.forEach(kernel::close);
        ours.clear();
    }

    private void connect(Stdio stdio, int number, String... flags) {
        if (stdio instanceof Stdio.File file) {
            theirs.put(number, give(kernel.open(file.path().toString(), flags)));
        } else if (stdio instanceof Stdio.Discard) {
            if (nowhere < 0) {
                nowhere = give(kernel.open("/dev/null", "O_RDWR"));
            }
            theirs.put(number, nowhere);
        } else {
            theirs.put(number, number);
        }
    }
}
