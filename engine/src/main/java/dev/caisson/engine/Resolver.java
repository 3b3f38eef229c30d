package dev.caisson.engine;

import dev.caisson.api.Backend;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.ContainerSpec.Selection;
import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.Isolator;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ProfileException;
import dev.caisson.api.ResourceController;
import dev.caisson.api.RootfsProvider;
import dev.caisson.api.Site;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * Chooses a container's backends by what the profile says, asks each whether it would work here, and checks that together they make sense.
 *
 * <p>What a combination cannot do is the profile's error, found before anything happens; what this host cannot do is a finding, which a
 * start refuses and {@code check} and {@code explain} report.
 */
@Singleton
final class Resolver {

    /** Lets the engine choose. */
    private static final String AUTO = "auto";

    /** Takes none. */
    private static final String NONE = "none";

    private final Backends backends;
    private final Probes probes;
    private final Host host;

    @Inject
    Resolver(Backends backends, Probes probes, Host host) {
        this.backends = backends;
        this.probes = probes;
        this.host = host;
    }

    Plan resolve(Site site, ContainerSpec spec) {
        List<Chosen<Isolator>> isolators = isolators(spec);
        Set<Feature> isolation = offers(isolators.stream());
        Optional<Chosen<RootfsProvider>> rootfs = rootfs(spec, isolation);
        Optional<Chosen<ResourceController>> controller = controller(spec, isolation);

        List<Chosen<?>> all = new ArrayList<>(isolators);
        rootfs.ifPresent(all::add);
        controller.ifPresent(all::add);
        Set<Feature> features = offers(all.stream());
        List<Plan.Observation> findings = all.stream()
                .flatMap(chosen -> chosen.report().findings().stream()
                        .map(finding -> new Plan.Observation(chosen.name(), finding)))
                .toList();
        checkRoot(spec, isolators);
        checkNeeds(spec, all, features);
        checkLimits(spec, controller, features);
        return new Plan(site, spec, isolators, rootfs, controller, features, findings, host);
    }

    private List<Chosen<Isolator>> isolators(ContainerSpec spec) {
        Set<String> seen = new HashSet<>();
        List<Chosen<Isolator>> isolators = new ArrayList<>();
        for (Selection selection : spec.isolators()) {
            if (!seen.add(selection.name())) {
                throw new ProfileException(
                        selection.where() + ": " + selection.name() + " is chosen twice; name it once");
            }
            isolators.add(named("isolator", backends.isolators(), selection));
        }
        return isolators;
    }

    /** With "auto", the first by name that needs nothing the isolators lack, supported ones first, a mount before a directory. */
    private Optional<Chosen<RootfsProvider>> rootfs(ContainerSpec spec, Set<Feature> isolation) {
        if (spec.rootfs().layers().isEmpty() && !isolation.contains(Feature.ROOT_SWITCH)) {
            return Optional.empty();
        }
        Selection selection = spec.rootfs().provider();
        if (!selection.name().equals(AUTO)) {
            return Optional.of(named("rootfs provider", backends.rootfsProviders(), selection));
        }
        return backends.rootfsProviders().values().stream()
                .sorted(Comparator.comparing(Backend::name))
                .map(provider -> candidate(provider, selection))
                .filter(chosen -> isolation.containsAll(chosen.report().needs()))
                .min(Comparator.comparing((Chosen<RootfsProvider> chosen) ->
                                !chosen.report().supported())
                        .thenComparing(chosen -> !chosen.report().offers().contains(Feature.ROOT_MOUNT)))
                .or(() -> {
                    throw new ProfileException(
                            selection.where()
                                    + ": no rootfs provider fits these isolators; add one that offers a mount namespace, or choose vfs");
                });
    }

    /**
     * With "auto", the one that offers most of what is needed, a supported one if there is; of equals the last by name, which is the newer
     * version. One that does not work here, or not for this user, is taken only for what nobody else offers: it is then the one whose
     * finding says what would help, and {@code explain} needs no privilege.
     */
    private Optional<Chosen<ResourceController>> controller(ContainerSpec spec, Set<Feature> isolation) {
        Selection selection = spec.controller();
        if (selection.name().equals(NONE)) {
            return Optional.empty();
        }
        if (!selection.name().equals(AUTO)) {
            return Optional.of(named("resource controller", backends.controllers(), selection));
        }
        Set<Feature> needed = EnumSet.noneOf(Feature.class);
        needed.addAll(spec.resources().needs());
        if (!spec.timeouts().cpu().isZero()) {
            needed.add(Feature.CPU_CLOCK);
        }
        if (!isolation.contains(Feature.PID_NAMESPACE)) {
            needed.add(Feature.KILL_ALL);
        }
        return backends.controllers().values().stream()
                .map(controller -> candidate(controller, selection))
                .filter(chosen -> chosen.report().supported() || overlap(chosen, needed) > 0)
                .max(Comparator.comparing((Chosen<ResourceController> chosen) -> overlap(chosen, needed))
                        .thenComparing(chosen -> chosen.report().supported())
                        .thenComparing(chosen -> chosen.report().offers().size())
                        .thenComparing(Chosen::name));
    }

    private static long overlap(Chosen<ResourceController> chosen, Set<Feature> needed) {
        return chosen.report().offers().stream().filter(needed::contains).count();
    }

    private <B extends Backend> Chosen<B> named(String kind, Map<String, B> known, Selection selection) {
        B backend = known.get(selection.name());
        if (backend == null) {
            throw new ProfileException(selection.where() + ": unknown " + kind + " \"" + selection.name() + "\"; "
                    + (known.isEmpty()
                            ? "none was found on the class path"
                            : "known are " + String.join(", ", new TreeSet<>(known.keySet()))));
        }
        return chosen(backend, selection);
    }

    private <B extends Backend> Chosen<B> candidate(B backend, Selection selection) {
        return new Chosen<>(backend, selection.settings(), probes.tryProbe(backend, selection.settings()));
    }

    private <B extends Backend> Chosen<B> chosen(B backend, Selection selection) {
        return new Chosen<>(backend, selection.settings(), probes.probe(backend, selection.settings()));
    }

    private static Set<Feature> offers(Stream<? extends Chosen<?>> chosen) {
        Set<Feature> offers = EnumSet.noneOf(Feature.class);
        chosen.map(Chosen::report).map(ProbeReport::offers).forEach(offers::addAll);
        return offers;
    }

    private static void checkNeeds(ContainerSpec spec, List<Chosen<?>> all, Set<Feature> features) {
        for (Chosen<?> chosen : all) {
            for (Feature need : chosen.report().needs()) {
                if (!features.contains(need)) {
                    throw new ProfileException(where(spec, chosen) + ": " + chosen.name() + " needs " + need.text()
                            + ", which none of the other backends here offers (" + names(all, chosen)
                            + "); choose one that does");
                }
            }
        }
    }

    private static void checkRoot(ContainerSpec spec, List<Chosen<Isolator>> isolators) {
        List<Chosen<Isolator>> switching = isolators.stream()
                .filter(chosen -> chosen.report().offers().contains(Feature.ROOT_SWITCH))
                .toList();
        if (switching.size() > 1) {
            throw new ProfileException(
                    where(spec, switching.get(1)) + ": both " + switching.get(0).name() + " and "
                            + switching.get(1).name() + " change the root directory; choose one of them");
        }
        if (switching.isEmpty() && !spec.rootfs().layers().isEmpty()) {
            throw new ProfileException(
                    spec.rootfs().provider().where()
                            + ": there is a root file system, but no isolator changes the root directory; add namespaces or chroot");
        }
    }

    private static void checkLimits(
            ContainerSpec spec, Optional<Chosen<ResourceController>> controller, Set<Feature> features) {
        if (controller.isPresent() && !controller.get().report().supported()) {
            return; // its finding says more than that it cannot enforce the limit
        }
        Optional<String> by = controller.map(Chosen::name);
        String where = spec.controller().where();
        for (Feature need : spec.resources().needs()) {
            if (!features.contains(need)) {
                throw new ProfileException(where + ": " + need.text() + " is asked for, and "
                        + by.map(name -> name + " cannot enforce it here")
                                .orElse("there is no resource controller to enforce it")
                        + "; see caisson backends, or take the limit out");
            }
        }
        if (!spec.timeouts().cpu().isZero() && !features.contains(Feature.CPU_CLOCK)) {
            throw new ProfileException(where + ": a limit on processor time is asked for, and "
                    + by.map(name -> name + " measures none here")
                            .orElse("there is no resource controller to measure it")
                    + "; see caisson backends, or take timeouts.cpu out");
        }
        if (!features.contains(Feature.PID_NAMESPACE) && !features.contains(Feature.KILL_ALL)) {
            throw new ProfileException(
                    where + ": without a pid namespace, nothing would end all of the container's processes"
                            + by.map(name -> ", and " + name + " cannot either").orElse("")
                            + "; add the pid namespace, or a controller that can");
        }
        if (spec.process().tty() && !features.contains(Feature.MOUNT_NAMESPACE)) {
            throw new ProfileException(
                    where + ": a terminal is asked for, but without a mount namespace the container has no"
                            + " /dev/pts of its own; add the namespaces isolator, or take tty out");
        }
    }

    private static String where(ContainerSpec spec, Chosen<?> chosen) {
        return Stream.concat(spec.isolators().stream(), Stream.of(spec.rootfs().provider(), spec.controller()))
                .filter(selection -> selection.name().equals(chosen.name()))
                .map(Selection::where)
                .findFirst()
                .orElse(spec.rootfs().provider().where());
    }

    private static String names(List<Chosen<?>> all, Chosen<?> except) {
        List<String> names = all.stream()
                .filter(chosen -> !chosen.equals(except))
                .map(Chosen::name)
                .toList();
        return names.isEmpty() ? "there is none" : String.join(", ", names);
    }
}
