package dev.caisson.cli;

import dev.caisson.engine.Container;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes the signals that users send to the foreground command and passes them on to the container.
 *
 * <p>By reflection on {@code sun.misc.Signal}: it is supported (module jdk.unsupported) and the only way there is, but the compiler warns of
 * every mention of it and cannot be told not to. SIGQUIT is the JVM's own; a terminal's ^\ prints its threads.
 */
final class Signals implements AutoCloseable {

    private static final Map<String, Integer> FORWARDED =
            Map.of("HUP", 1, "INT", 2, "USR1", 10, "TERM", 15, "CONT", 18);
    private static final int SIGTERM = 15;

    private final Queue<Integer> early = new ArrayDeque<>();
    private @Nullable Container container;
    private Runnable windowChange = () -> {};

    Signals() {
        FORWARDED.forEach((name, number) -> handle(name, () -> received(number)));
        handle("WINCH", () -> windowChange.run());
    }

    /** Passes signals on from now on, those that have come already first. */
    synchronized void forwardTo(Container container) {
        this.container = container;
        early.forEach(container::signal);
        early.clear();
    }

    /** What to do when the terminal's window has another size. */
    void onWindowChange(Runnable action) {
        windowChange = action;
    }

    @Override
    public synchronized void close() {
        container = null;
    }

    private synchronized void received(int number) {
        // A terminal that is gone reads and writes nothing any more: the container is asked to end.
        int forwarded = number == 1 ? SIGTERM : number;
        if (container != null) {
            container.signal(forwarded);
        } else {
            early.add(forwarded);
        }
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        return method.getName().equals("hashCode")
                                ? (Object) System.identityHashCode(self)
                                : method.getName().equals("equals") ? (Object) false : name;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM cannot handle SIG" + name + ": " + e.getCause(), e);
        }
    }
}
