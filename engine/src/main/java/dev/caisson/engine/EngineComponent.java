package dev.caisson.engine;

import dagger.BindsInstance;
import dagger.Component;
import javax.inject.Singleton;

/** The engine: what lives as long as a program uses Caisson. */
@Singleton
@Component(modules = {HostModule.class, BackendsModule.class, EngineComponent.ContainersModule.class})
interface EngineComponent {

    Caisson caisson();

    /** Containers are made in components of their own. */
    @dagger.Module(subcomponents = ContainerComponent.class)
    interface ContainersModule {}

    /** Makes an engine; tests give another host or other backends. */
    @Component.Factory
    interface Factory {
        EngineComponent create(@BindsInstance State state, HostModule host, BackendsModule backends);
    }

    static Caisson open(State state) {
        return DaggerEngineComponent.factory()
                .create(state, new HostModule(), new BackendsModule())
                .caisson();
    }
}
