package dev.caisson.engine.profile;

import dev.caisson.api.Settings;

/**
 * Settings as a profile says them.
 *
 * @param mapping what is written, and where
 */
record NodeSettings(Node.Mapping mapping) implements Settings {

    @Override
    public <T extends Record> T as(Class<T> type) {
        return RecordShape.of(type).read(mapping);
    }
}
