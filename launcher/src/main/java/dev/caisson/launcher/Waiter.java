package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.caisson.program.Architecture;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits for all running monitors with one epoll(7) set of their control sockets, instead of a thread or a poll for each.
 *
 * <p>Two daemon threads wait on it, so that there is one left while the other tells of an end: the one who is told may take long, or wait
 * for another container. While all are busy there are more.
 *
 * <p>A pidfd would tell the same, later: the outcome is there before the process is gone.
 */
final class Waiter implements AutoCloseable {

    private static final int SPARE = 2;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLLIN = 1;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final long CLOSE = 0;

    private final Kernel kernel;
    private final Map<Long, Monitor> monitors = new ConcurrentHashMap<>();
    private final AtomicInteger idle = new AtomicInteger();

    /** struct epoll_event is packed on x86-64 only. */
    private final int keyOffset;

    // Guarded by this.
    private int epoll = -1;
    private int closing = -1; // an eventfd that can be read once there is nothing more to wait for
    private int threads;
    private long lastKey = CLOSE;
    private boolean closed;

    Waiter(Kernel kernel) {
        this.kernel = kernel;
        keyOffset = kernel.architecture() == Architecture.X86_64 ? 4 : 8;
    }

    /** Calls {@link Monitor#finish} when the monitor has something to tell. */
    synchronized void watch(Monitor monitor) {
        requireOpen();
        if (epoll < 0) {
            open();
        }
        while (threads < SPARE) {
            startThread();
        }
        long key = ++lastKey;
        monitors.put(key, monitor);
        try {
            monitor.control().use(control -> add(epoll, control, EPOLLIN | EPOLLONESHOT, key));
        } catch (RuntimeException e) {
            monitors.remove(key);
            throw e;
        }
    }

    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the launcher is closed");
        }
    }

    /** Ends the threads when what is still running has ended. */
    @Override
    public synchronized void close() {
        closed = true;
        endIfDone();
    }

    private synchronized void endIfDone() {
        if (closed && monitors.isEmpty() && threads > 0) {
            try (Memory one = new Memory(8)) {
                one.setLong(0, 1);
                kernel.write(closing, one, 8);
            }
        }
    }

    private void open() {
        int set = kernel.high("make an epoll set", kernel.call("epoll_create1", EPOLL_CLOEXEC));
        try {
            closing = kernel.high("make an eventfd", kernel.call("eventfd2", 0, EFD_CLOEXEC));
            add(set, closing, EPOLLIN, CLOSE);
            epoll = set;
        } catch (RuntimeException e) {
            kernel.close(set);
            kernel.close(closing);
            closing = -1;
            throw e;
        }
    }

    private long add(int set, int descriptor, int events, long key) {
        try (Memory event = new Memory(16)) {
            event.setInt(0, events);
            event.setLong(keyOffset, key);
            return kernel.require(
                    "watch a monitor",
                    kernel.call("epoll_ctl", set, EPOLL_CTL_ADD, descriptor, Pointer.nativeValue(event)));
        }
    }

    private synchronized void startThread() {
        Thread thread = new Thread(this::run, "caisson-waiter");
        thread.setDaemon(true);
        thread.start();
        threads++;
    }

    private void replace() {
        try {
            startThread();
        } catch (OutOfMemoryError e) {
            return; // the limit of threads is reached: then others wait until this one is back
        }
    }

    private synchronized void endThread() {
        threads--;
        if (threads == 0) {
            kernel.close(epoll);
            kernel.close(closing);
        }
    }

    private void run() {
        int set = set();
        boolean more = true;
        try (Memory event = new Memory(16)) {
            while (more) {
                idle.incrementAndGet();
                long count = kernel.call("epoll_pwait", set, Pointer.nativeValue(event), 1, -1, 0, 8);
                int others = idle.decrementAndGet();
                if (count == 1) {
                    more = handle(event.getLong(keyOffset), others);
                }
            }
        }
        endThread();
    }

    /** Whether to go on waiting. */
    private boolean handle(long key, int others) {
        if (key == CLOSE) {
            return false;
        }
        if (others == 0) {
            replace();
        }
        Monitor monitor = monitors.remove(key);
        if (monitor != null) {
            monitor.finish();
        }
        endIfDone();
        return idle.get() < SPARE;
    }

    private synchronized int set() {
        return epoll;
    }
}
