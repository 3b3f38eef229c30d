package dev.caisson.engine;

import dev.caisson.program.LaunchProgram;
import java.util.function.UnaryOperator;

/** An engine whose programs fail where a test wants it. */
public final class Faults {

    private Faults() {}

    /** Opens an engine that does something to each program before it is assembled. */
    public static Caisson open(State state, UnaryOperator<LaunchProgram> edit) {
        HostModule host = new HostModule() {
            @Override
            UnaryOperator<LaunchProgram> edit() {
                return edit;
            }
        };
        return DaggerEngineComponent.factory()
                .create(state, host, new BackendsModule())
                .caisson();
    }
}
