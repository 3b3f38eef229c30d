package dev.caisson.api;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings made in code; null is nothing said.
 *
 * @param settings the backend's own record
 */
record FixedSettings(@Nullable Record settings) implements Settings {

    @Override
    public <T extends Record> T as(Class<T> type) {
        if (settings == null) {
            return nothingSaid(type);
        }
        if (!type.isInstance(settings)) {
            throw new ProfileException(
                    "the settings are a " + settings.getClass().getName() + "; this backend takes a " + type.getName());
        }
        return type.cast(settings);
    }

    private static <T extends Record> T nothingSaid(Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(Arrays.stream(components)
                    .map(component -> absent(component.getType()))
                    .toArray());
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new BackendException(
                    "cannot make " + type.getName() + " of nothing; each of its components must have a default", e);
        }
    }

    private static @Nullable Object absent(Class<?> type) {
        if (type == List.class) {
            return List.of();
        }
        if (type == Set.class) {
            return Set.of();
        }
        return type == Map.class ? Map.of() : null;
    }
}
