package dev.caisson.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.caisson.program.Architecture;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread for all running monitors: an epoll(7) set of their control sockets, without a thread or a poll for each.
 *
 * <p>A pidfd would tell the same, later: the outcome is there before the process is gone.
 */
final class Waiter {

    private static final int EVENTS = 64;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CLOEXEC = 0x80000;

    private final Kernel kernel;
    private final Map<Integer, Monitor> monitors = new ConcurrentHashMap<>();

    /** struct epoll_event is packed on x86-64 only. */
    private final int eventSize;

    private int epoll = -1;
    private @Nullable Thread thread;

    Waiter(Kernel kernel) {
        this.kernel = kernel;
        eventSize = kernel.architecture() == Architecture.X86_64 ? 12 : 16;
    }

    synchronized void watch(Monitor monitor) {
        if (thread == null) {
            epoll = kernel.high("make an epoll set", kernel.call("epoll_create1", EPOLL_CLOEXEC));
            thread = new Thread(this::run, "caisson-waiter");
            thread.setDaemon(true);
            thread.start();
        }
        monitors.put(monitor.control(), monitor);
        try (Memory event = new Memory(16)) {
            event.clear();
            event.setInt(0, Kernel.EPOLLIN);
            event.setInt(eventSize - 8, monitor.control());
            kernel.require(
                    "watch a monitor",
                    kernel.call("epoll_ctl", epoll, EPOLL_CTL_ADD, monitor.control(), Pointer.nativeValue(event)));
        }
    }

    private void run() {
        try (Memory events = new Memory((long) EVENTS * eventSize)) {
            while (true) {
                long count = kernel.call("epoll_pwait", epoll, Pointer.nativeValue(events), EVENTS, -1, 0, 8);
                for (int i = 0; i < count; i++) {
                    int control = events.getInt((long) i * eventSize + eventSize - 8);
                    Monitor monitor = monitors.remove(control);
                    if (monitor != null) {
                        monitor.finish(); // closes the socket, which takes it out of the set
                    }
                }
            }
        }
    }
}
