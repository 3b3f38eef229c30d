package dev.caisson.engine;

import dev.caisson.api.Backend;
import dev.caisson.api.CaissonException;
import dev.caisson.api.Host;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ProfileException;
import dev.caisson.api.Settings;
import dev.caisson.api.Stdio;
import dev.caisson.engine.Templates.Template;
import dev.caisson.engine.profile.Profile;
import dev.caisson.launcher.Streams;
import dev.caisson.launcher.WindowSize;
import dev.caisson.layers.Layer;
import dev.caisson.layers.LayerStore;
import dev.caisson.program.LaunchProgram;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * Runs processes in isolation.
 *
 * <pre>{@code
 * Caisson caisson = Caisson.open();
 * Profile profile = Profile.builder().hostPrograms("sh").command("sh", "-c", "echo hello").build();
 * try (Container container = caisson.start(profile)) {
 *     System.out.print(new String(container.stdout().readAllBytes(), UTF_8));
 *     System.out.println(container.waitFor().exitCode());
 * }
 * }</pre>
 *
 * <p>One instance serves a whole program and any number of threads. Errors are {@link dev.caisson.api.CaissonException}s of one line, whose
 * subtype says who must act.
 */
@Singleton
public final class Caisson {

    private final State state;
    private final Host host;
    private final Backends backends;
    private final Resolver resolver;
    private final Probes probes;
    private final Recovery recovery;
    private final Templates templates;
    private final ContainerComponent.Factory containers;
    private final LayerStore layers;
    private final SecureRandom random = new SecureRandom();

    @Inject
    Caisson(
            State state,
            Host host,
            Backends backends,
            Resolver resolver,
            Probes probes,
            Recovery recovery,
            Templates templates,
            ContainerComponent.Factory containers) {
        this.state = state;
        this.host = host;
        this.backends = backends;
        this.resolver = resolver;
        this.probes = probes;
        this.recovery = recovery;
        this.templates = templates;
        this.containers = containers;
        this.layers = new LayerStore(state.layers(), host.root());
    }

    /** Opens Caisson with the backends on the class path and the user's directories. */
    public static Caisson open() {
        return EngineComponent.open(State.ofUser());
    }

    /** Opens Caisson with directories of one's own. */
    public static Caisson open(State state) {
        return EngineComponent.open(state);
    }

    /** The backends that were discovered. */
    public Backends backends() {
        return backends;
    }

    /** Whether a backend would work here with no settings, and if not, why. */
    public ProbeReport probe(Backend backend) {
        return probes.tryProbe(backend, Settings.none());
    }

    /** Chooses a container's backends and asks them whether it would work here; changes nothing. */
    public Plan check(Profile profile) {
        return plan(profile, profile.spec().name(), layers::pathOf);
    }

    /** The launch program that a start would run; changes nothing and needs no privilege. */
    public LaunchProgram explain(Profile profile) {
        return Composer.compose(check(profile), streams(profile, new Stdio.Inherit(), Optional.empty()));
    }

    /** Starts a container whose streams are pipes, unless the profile says otherwise. Returns when its command has been executed. */
    public Container start(Profile profile) {
        return start(profile, new Stdio.Pipe());
    }

    /** Starts a container; the streams that the profile leaves open are {@code stdio}. Returns when its command has been executed. */
    public Container start(Profile profile, Stdio stdio) {
        return start(profile, stdio, Optional.empty());
    }

    /** The same; if the profile asks for a terminal, it has a window of this size from the beginning. */
    public Container start(Profile profile, Stdio stdio, Optional<WindowSize> window) {
        Template template = templates.of(profile, this::firstPlan);
        template.plan().requireSupported();
        Plan plan = template.plan().at(state.site(newId(profile.spec().name())));
        Streams streams = streams(profile, stdio, window);
        try (StorageLock lock = StorageLock.shared(host, state.containers())) {
            lock.held();
            plan.rootfs().ifPresent(chosen -> chosen.backend().prepare(plan.request(chosen.settings()), host));
            return containers
                    .create(plan, streams, () -> template.image(plan.site().id(), streams))
                    .start();
        } catch (CaissonException e) {
            templates.forget(profile);
            throw e;
        }
    }

    /** What runs that were killed have left. */
    public List<Leftover> leftovers() {
        return recovery.find();
    }

    /** Removes it. What cannot be removed stays for the next time, and is returned with the reason. */
    public List<Leftover.Kept> recover() {
        return recovery.recover();
    }

    private Plan firstPlan(Profile profile) {
        state.create();
        return plan(profile, newId(profile.spec().name()), layers::materialize);
    }

    private Plan plan(Profile profile, String id, Function<Layer, Path> directory) {
        List<Path> directories = profile.layers().stream()
                .map(placed -> {
                    try {
                        return directory.apply(placed.layer());
                    } catch (ProfileException e) {
                        throw new ProfileException(placed.where() + ": " + e.getMessage(), e);
                    }
                })
                .toList();
        return resolver.resolve(state.site(id), profile.spec(directories));
    }

    private String newId(String name) {
        String shortened = name.length() > 48 ? name.substring(0, 48) : name;
        return shortened + "-" + Long.toString(random.nextLong(1L << 40) | 1L << 40, 36);
    }

    private static Streams streams(Profile profile, Stdio open, Optional<WindowSize> window) {
        return new Streams(
                Objects.requireNonNullElse(profile.spec().process().stdin(), open),
                Objects.requireNonNullElse(profile.spec().process().stdout(), open),
                Objects.requireNonNullElse(profile.spec().process().stderr(), open),
                profile.spec().process().tty() ? window : Optional.empty());
    }
}
