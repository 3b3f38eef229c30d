package dev.caisson.namespaces;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.Isolator;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.Settings;
import dev.caisson.program.Namespace;
import dev.caisson.program.Step;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The isolator {@code namespaces}: what the container sees of the kernel is its own, as in namespaces(7). */
public final class NamespaceIsolator implements Isolator {

    /** For {@link java.util.ServiceLoader}. */
    public NamespaceIsolator() {}

    @Override
    public String name() {
        return "namespaces";
    }

    @Override
    public String description() {
        return "gives the container its own mounts, processes, network, IPC, host name and, if asked, users and clocks";
    }

    @Override
    public ProbeReport probe(Host host, Settings settings) {
        NamespacesSettings own = settings.as(NamespacesSettings.class);
        return new ProbeReport(offers(own.on()), needs(own.on()), NamespaceProbe.findings(host, own));
    }

    @Override
    public Contribution contribute(LaunchRequest request) {
        NamespacesSettings settings = request.settings().as(NamespacesSettings.class);
        Contribution.Builder contribution = Contribution.builder();
        for (Namespace namespace : cloned(settings.on())) {
            contribution.namespace(namespace);
        }
        if (settings.has(Namespace.TIME)) {
            contribution.setup(array(Time.steps(settings.clocks())));
        }
        if (settings.has(Namespace.USER)) {
            contribution.afterClone(array(User.maps(settings)));
            contribution.child(Phase.IDENTITY, array(User.becomeRoot()));
        }
        if (settings.has(Namespace.CGROUP)) {
            contribution.child(Phase.CGROUP_NAMESPACE, CgroupRoot.step());
        }
        if (settings.has(Namespace.MOUNT)) {
            contribution
                    .child(Phase.PROPAGATION, Propagation.step())
                    .child(Phase.MOUNTS, array(Proc.steps()))
                    .child(Phase.MOUNTS, array(Sys.steps(settings.on())))
                    .child(
                            Phase.MOUNTS,
                            array(Dev.steps(settings, request.spec().process())))
                    .child(Phase.MASK, array(Masking.steps(settings, request.host())))
                    .child(Phase.PIVOT, array(Pivot.steps()));
        }
        if (settings.has(Namespace.UTS)) {
            contribution.child(Phase.KERNEL_STATE, Uts.step(request.spec().hostname()));
        }
        if (settings.has(Namespace.NETWORK)) {
            contribution.child(Phase.KERNEL_STATE, array(Network.steps()));
        }
        return contribution.build();
    }

    /** The namespaces that clone3(2) makes; the other two are made by unshare(2), before it and after it. */
    static Set<Namespace> cloned(Set<Namespace> on) {
        Set<Namespace> cloned = EnumSet.copyOf(on);
        cloned.remove(Namespace.TIME);
        cloned.remove(Namespace.CGROUP);
        return cloned;
    }

    private static Set<Feature> offers(Set<Namespace> on) {
        Set<Feature> offers = EnumSet.noneOf(Feature.class);
        for (Namespace namespace : on) {
            offers.add(feature(namespace));
        }
        if (on.contains(Namespace.PID)) {
            offers.add(Feature.KILL_ALL);
        }
        if (on.contains(Namespace.MOUNT)) {
            offers.add(Feature.ROOT_SWITCH);
        }
        return offers;
    }

    private static Set<Feature> needs(Set<Namespace> on) {
        Set<Feature> needs = EnumSet.noneOf(Feature.class);
        if (!on.contains(Namespace.PID)) {
            needs.add(Feature.KILL_ALL); // nothing else ends a process that has left its session
        }
        if (!on.contains(Namespace.MOUNT)) {
            needs.add(Feature.ROOT_SWITCH); // pivot_root(2) works on the mount table, so another must change the root
        }
        return needs;
    }

    private static Feature feature(Namespace namespace) {
        return switch (namespace) {
            case MOUNT -> Feature.MOUNT_NAMESPACE;
            case PID -> Feature.PID_NAMESPACE;
            case NETWORK -> Feature.NETWORK_NAMESPACE;
            case IPC -> Feature.IPC_NAMESPACE;
            case UTS -> Feature.UTS_NAMESPACE;
            case USER -> Feature.USER_NAMESPACE;
            case CGROUP -> Feature.CGROUP_NAMESPACE;
            case TIME -> Feature.TIME_NAMESPACE;
        };
    }

    private static Step[] array(List<Step> steps) {
        return steps.toArray(Step[]::new);
    }
}
