package dev.caisson.engine;

import dagger.Module;
import dagger.Provides;
import dagger.multibindings.ElementsIntoSet;
import dev.caisson.api.Backend;
import dev.caisson.api.Isolator;
import dev.caisson.api.ResourceController;
import dev.caisson.api.RootfsProvider;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.inject.Singleton;

/**
 * The backends on the class path: where ServiceLoader ends and Dagger begins. Nothing else knows how backends are found, and nothing here
 * knows which there are.
 */
@Module
class BackendsModule {

    private final ClassLoader classLoader;
    private final List<String> broken = new CopyOnWriteArrayList<>();

    BackendsModule() {
        this(BackendsModule.class.getClassLoader());
    }

    BackendsModule(ClassLoader classLoader) {
        this.classLoader = classLoader;
    }

    @Provides
    @ElementsIntoSet
    Set<Isolator> isolators() {
        return discover(Isolator.class);
    }

    @Provides
    @ElementsIntoSet
    Set<RootfsProvider> rootfsProviders() {
        return discover(RootfsProvider.class);
    }

    @Provides
    @ElementsIntoSet
    Set<ResourceController> controllers() {
        return discover(ResourceController.class);
    }

    @Provides
    @Singleton
    Backends backends(Set<Isolator> isolators, Set<RootfsProvider> providers, Set<ResourceController> controllers) {
        return Backends.of(isolators, providers, controllers, broken);
    }

    /** Asks ServiceLoader. What it cannot load becomes a sentence, and does not keep the others from being found. */
    private <B extends Backend> Set<B> discover(Class<B> spi) {
        Set<B> found = new LinkedHashSet<>();
        Iterator<B> providers = ServiceLoader.load(spi, classLoader).iterator();
        Optional<String> last = Optional.empty();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return found;
                }
                found.add(providers.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                Optional<String> problem = Optional.of(sentence(spi, e));
                if (problem.equals(last)) {
                    return found; // it does not get past this one
                }
                last = problem;
                broken.add(problem.get());
            }
        }
    }

    private static String sentence(Class<?> spi, Error e) {
        String problem = e instanceof ServiceConfigurationError ? e.getMessage() : spi.getName() + ": " + e;
        return problem + (e.getCause() == null ? "" : ": " + e.getCause());
    }
}
