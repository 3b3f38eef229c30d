package dev.caisson.cli;

import dev.caisson.launcher.HostTerminal;
import dev.caisson.launcher.Terminal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Connects the user's terminal with a container's: raw mode, both directions, and the window's size. */
final class TerminalRelay {

    private static final int BUFFER = 8192;

    private TerminalRelay() {}

    /** Returns when the container has closed its terminal. */
    static void run(Terminal terminal, Signals signals) throws IOException {
        Optional<HostTerminal> host = HostTerminal.open();
        try {
            host.ifPresent(own -> {
                Runnable resize = () -> terminal.resize(own.size());
                resize.run();
                signals.onWindowChange(resize);
                own.raw();
            });
            Thread keys = new Thread(() -> keys(terminal), "caisson-keys");
            keys.setDaemon(true); // blocked in a read of the terminal when the container ends
            keys.start();
            copy(terminal.output(), new FileOutputStream(FileDescriptor.out));
        } finally {
            signals.onWindowChange(() -> {});
            host.ifPresent(HostTerminal::close);
        }
    }

    private static void keys(Terminal terminal) {
        try {
            copy(new FileInputStream(FileDescriptor.in), terminal.input());
            terminal.input().write(4); // ^D: what a terminal gives for the end of input
        } catch (IOException e) {
            // The container has ended while a key was on its way.
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count; (count = from.read(buffer)) >= 0; ) {
            to.write(buffer, 0, count);
        }
    }
}
