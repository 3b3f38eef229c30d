package dev.caisson.engine;

import dev.caisson.api.Backend;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.Settings;

/** A backend that a container uses, with its settings and its answer to the probe. */
public record Chosen<B extends Backend>(B backend, Settings settings, ProbeReport report) {

    /** The backend's name. */
    public String name() {
        return backend.name();
    }
}
