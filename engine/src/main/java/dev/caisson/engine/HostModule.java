package dev.caisson.engine;

import dagger.Module;
import dagger.Provides;
import dev.caisson.api.Host;
import dev.caisson.launcher.Launcher;
import dev.caisson.program.LaunchProgram;
import java.util.function.UnaryOperator;
import javax.inject.Singleton;

/** The machine and the way to start programs on it. */
@Module
class HostModule {

    @Provides
    @Singleton
    Launcher launcher() {
        return new Launcher();
    }

    /** What is done to a program between composing and assembling: nothing. Tests plant errors here. */
    @Provides
    UnaryOperator<LaunchProgram> edit() {
        return UnaryOperator.identity();
    }

    @Provides
    @Singleton
    Host host(Launcher launcher) {
        return launcher.host();
    }
}
