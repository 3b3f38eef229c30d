package dev.caisson.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingsTest {

    record Example(String mode, @Nullable Long limit, List<String> names, Map<String, Long> shares) {
        Example {
            mode = Objects.requireNonNullElse(mode, "usual");
        }
    }

    record Other(@Nullable String name) {}

    @Test
    void nothingSaidLeavesTheDefaults() {
        assertEquals(
                new Example("usual", null, List.of(), Map.of()), Settings.none().as(Example.class));
    }

    @Test
    void aRecordMadeInCodeIsTakenAsItIs() {
        Example settings = new Example("other", 1L, List.of("a"), Map.of());
        assertEquals(settings, Settings.of(settings).as(Example.class));
    }

    @Test
    void aRecordOfAnotherBackendIsRefused() {
        assertThrows(ProfileException.class, () -> Settings.of(new Other("x")).as(Example.class));
    }
}
