package dev.caisson.engine;

import dagger.Module;
import dagger.Provides;
import dev.caisson.api.Host;
import dev.caisson.launcher.Launcher;
import javax.inject.Singleton;

/** The machine and the way to start programs on it. */
@Module
class HostModule {

    @Provides
    @Singleton
    Launcher launcher() {
        return new Launcher();
    }

    @Provides
    @Singleton
    Host host(Launcher launcher) {
        return launcher.host();
    }
}
