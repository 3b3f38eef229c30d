package dev.caisson.namespaces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.program.Namespace;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NamespacesSettingsTest {

    @Test
    void hasAllButUserAndTimeOnUnlessToldOtherwise() {
        assertEquals(
                EnumSet.complementOf(EnumSet.of(Namespace.USER, Namespace.TIME)),
                Requests.defaults().on());
    }

    @Test
    void refusesToIsolateNothing() {
        Map<Namespace, Boolean> off = new EnumMap<>(Namespace.class);
        for (Namespace namespace : Namespace.values()) {
            off.put(namespace, false);
        }
        refuses("every namespace is off; leave out the isolator, or turn one on", () -> Requests.with(off));
    }

    @Test
    void refusesWhatWouldHaveNoEffect() {
        refuses(
                "uids and gids are the maps of a user namespace, which is off; write user: true as well",
                () -> Requests.settings(Map.of(), IdRange.DEFAULT, List.of(), null));
        refuses(
                "clocks are the offsets of a time namespace, which is off; write time: true as well",
                () -> Requests.settings(Map.of(), List.of(), List.of(), new ClockOffsets(1L, null)));
        refuses(
                "mask, readonly, unmask and shm need a mount namespace; leave out mount: false",
                () -> new NamespacesSettings(
                        false,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        List.of(),
                        List.of("all"),
                        null));
    }

    @Test
    void refusesMapsThatTheKernelWould() {
        refuses(
                "uids maps no id 0; the container is prepared by its own root, so begin a range with inside: 0",
                () -> user(new IdRange(1L, 1000L, 1L)));
        refuses(
                "uids has ranges that overlap: 0 1000 10 and 10 1009 5; map each id once",
                () -> user(new IdRange(0L, 1000L, 10L), new IdRange(10L, 1009L, 5L)));
        refuses(
                "a range of 2 ids from 0 inside and 4294967294 outside is not possible; ids go from 0 to 4294967294",
                () -> new IdRange(0L, 4294967294L, 2L));
    }

    @Test
    @SuppressWarnings("NullAway") // what binding makes of a range that is written incompletely
    void refusesAnIncompleteRange() {
        refuses(
                "a range of ids is incomplete; write {inside: 0, outside: 100000, count: 65536}",
                () -> new IdRange(0L, null, 1L));
    }

    private static NamespacesSettings user(IdRange... uids) {
        return Requests.settings(Map.of(Namespace.USER, true), List.of(uids), List.of(), null);
    }

    private static void refuses(String message, Executable settings) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, settings).getMessage());
    }
}
