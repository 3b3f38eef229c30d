package dev.caisson.engine;

import dagger.Module;
import dagger.Provides;
import dagger.multibindings.ElementsIntoSet;
import dev.caisson.api.Isolator;
import dev.caisson.api.ResourceController;
import dev.caisson.api.RootfsProvider;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.inject.Singleton;

/**
 * The backends on the class path: where ServiceLoader ends and Dagger begins. Nothing else knows how backends are found, and nothing here
 * knows which there are.
 */
@Module
class BackendsModule {

    private final ClassLoader classLoader = BackendsModule.class.getClassLoader();
    private final List<String> broken = new CopyOnWriteArrayList<>();

    @Provides
    @ElementsIntoSet
    Set<Isolator> isolators() {
        return Backends.discover(Isolator.class, classLoader, broken);
    }

    @Provides
    @ElementsIntoSet
    Set<RootfsProvider> rootfsProviders() {
        return Backends.discover(RootfsProvider.class, classLoader, broken);
    }

    @Provides
    @ElementsIntoSet
    Set<ResourceController> controllers() {
        return Backends.discover(ResourceController.class, classLoader, broken);
    }

    @Provides
    @Singleton
    Backends backends(Set<Isolator> isolators, Set<RootfsProvider> providers, Set<ResourceController> controllers) {
        return Backends.of(isolators, providers, controllers, broken);
    }
}
