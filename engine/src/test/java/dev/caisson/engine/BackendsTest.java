package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Backend;
import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.Isolator;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.Settings;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsTest {

    @TempDir
    private Path jar;

    /** A backend as anybody may write one. */
    public abstract static class Named implements Isolator {

        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String description() {
            return "isolates nothing";
        }

        @Override
        public ProbeReport probe(Host host, Settings settings) {
            return new ProbeReport(Set.of(Feature.PID_NAMESPACE), Set.of(), List.of());
        }

        @Override
        public Contribution contribute(LaunchRequest request) {
            return Contribution.builder().build();
        }
    }

    /** One that works. */
    public static final class Good extends Named {
        public Good() {
            super("good");
        }
    }

    /** One that wants another's name. */
    public static final class Same extends Named {
        public Same() {
            super("good");
        }
    }

    /** One whose name nobody could write in a profile. */
    public static final class Unnamed extends Named {
        public Unnamed() {
            super("Not A Name");
        }
    }

    /** One that fails when it is made. */
    public static final class Failing extends Named {
        public Failing() {
            super("failing");
            throw new IllegalStateException("no luck today");
        }
    }

    /** One that cannot even be loaded, as the library that it needs is missing. */
    public static final class Unloadable extends Named {
        static {
            fail();
        }

        public Unloadable() {
            super("unloadable");
        }

        private static void fail() {
            throw new NoClassDefFoundError("org/example/Library");
        }
    }

    @Test
    void brokenOnesAreToldAndDoNotKeepOthersFromWorking() throws IOException {
        Backends backends = discover(
                "no.such.Provider",
                Failing.class.getName(),
                Unloadable.class.getName(),
                BackendsTest.class.getName(),
                Good.class.getName());

        assertEquals(
                List.of("good"), backends.all().stream().map(Backend::name).toList(), () -> "" + backends.broken());
        assertTold(backends, "no.such.Provider", "no luck today", "org/example/Library", "not a subtype");
    }

    @Test
    void aRegistrationThatCannotBeReadIsTold() throws IOException {
        assertTold(discover("not a class name"), "Illegal configuration-file syntax");
    }

    @Test
    void aNameBelongsToOne() throws IOException {
        Backends backends = discover(Same.class.getName(), Good.class.getName(), Unnamed.class.getName());
        assertEquals(Good.class, backends.all().get(0).getClass());
        assertEquals(
                List.of(
                        "two isolators are named good: " + Good.class.getName() + " is taken, " + Same.class.getName()
                                + " is not",
                        "the isolator " + Unnamed.class.getName() + " has no proper name: \"Not A Name\""),
                backends.broken());
    }

    @Test
    void noneAtAllIsFine() throws IOException {
        assertEquals(List.of(), discover().all());
    }

    private static void assertTold(Backends backends, String... problems) {
        for (String problem : problems) {
            assertTrue(
                    backends.broken().stream().anyMatch(sentence -> sentence.contains(problem)),
                    () -> problem + " is not in " + backends.broken());
        }
    }

    /** Discovers what a jar would register that is on the class path of nothing else. */
    private Backends discover(String... providers) throws IOException {
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.write(services.resolve(Isolator.class.getName()), List.of(providers));
        try (URLClassLoader loader = new OnlyThese(jar.toUri().toURL())) {
            BackendsModule module = new BackendsModule(loader);
            return module.backends(module.isolators(), module.rootfsProviders(), module.controllers());
        }
    }

    /** Classes come from the test's own class path, registrations only from the jar. */
    private static final class OnlyThese extends URLClassLoader {

        private OnlyThese(URL jar) {
            super(new URL[] {jar}, BackendsTest.class.getClassLoader());
        }

        @Override
        public java.util.Enumeration<URL> getResources(String name) throws IOException {
            return findResources(name);
        }
    }
}
