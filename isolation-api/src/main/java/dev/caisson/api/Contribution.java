package dev.caisson.api;

import dev.caisson.program.Argument;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one backend adds to a container's launch program.
 *
 * <p>All steps run with an empty umask: what they make has exactly the modes that they give. The command's own comes last.
 *
 * @param namespaces the namespaces that the child is made in
 * @param setup the monitor's steps before the child exists
 * @param afterClone the monitor's steps while the child waits; they may use the results {@link Op.Clone#PID} and {@link Op.Clone#PIDFD}
 * @param child the child's steps, by phase
 * @param teardown the monitor's steps when the child has ended; the engine runs the backends' teardowns in reverse order of their setups
 * @param cgroup a descriptor, as a result of a setup step, of the version 2 cgroup that the child is made in; or null
 */
public record Contribution(
        Set<Namespace> namespaces,
        List<Step> setup,
        List<Step> afterClone,
        Map<Phase, List<Step>> child,
        List<Step> teardown,
        Argument.@Nullable Result cgroup) {

    public Contribution {
        namespaces = Set.copyOf(namespaces);
        setup = List.copyOf(setup);
        afterClone = List.copyOf(afterClone);
        Map<Phase, List<Step>> phases = new EnumMap<>(Phase.class);
        child.forEach((phase, steps) -> phases.put(phase, List.copyOf(steps)));
        child = Collections.unmodifiableMap(phases);
        teardown = List.copyOf(teardown);
    }

    /** Starts an empty contribution. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a contribution step by step. */
    public static final class Builder {

        private final Set<Namespace> namespaces = EnumSet.noneOf(Namespace.class);
        private final List<Step> setup = new ArrayList<>();
        private final List<Step> afterClone = new ArrayList<>();
        private final Map<Phase, List<Step>> child = new EnumMap<>(Phase.class);
        private final List<Step> teardown = new ArrayList<>();
        private Argument.@Nullable Result cgroup;

        private Builder() {}

        /** Makes the child in a new namespace. */
        public Builder namespace(Namespace namespace) {
            namespaces.add(namespace);
            return this;
        }

        /** Adds to the monitor's setup. */
        public Builder setup(Step... steps) {
            setup.addAll(List.of(steps));
            return this;
        }

        /** Adds to what the monitor does while the child waits at the gate. */
        public Builder afterClone(Step... steps) {
            afterClone.addAll(List.of(steps));
            return this;
        }

        /** Adds to a phase of the child. */
        public Builder child(Phase phase, Step... steps) {
            child.computeIfAbsent(phase, p -> new ArrayList<>()).addAll(List.of(steps));
            return this;
        }

        /** Adds to the teardown. */
        public Builder teardown(Step... steps) {
            teardown.addAll(List.of(steps));
            return this;
        }

        /** Makes the child in the version 2 cgroup whose directory the named setup step opened. */
        public Builder cgroup(String result) {
            cgroup = new Argument.Result(result);
            return this;
        }

        /** The contribution so far. */
        public Contribution build() {
            return new Contribution(namespaces, setup, afterClone, child, teardown, cgroup);
        }
    }
}
