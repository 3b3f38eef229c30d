package dev.caisson.engine;

import dev.caisson.api.BackendException;
import dev.caisson.api.CaissonException;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Phase;
import dev.caisson.api.ResourceController;
import dev.caisson.api.Timeouts;
import dev.caisson.engine.process.Command;
import dev.caisson.engine.process.Credentials;
import dev.caisson.engine.process.Limits;
import dev.caisson.engine.process.MonitorProcess;
import dev.caisson.engine.process.NameFiles;
import dev.caisson.engine.process.RunRecord;
import dev.caisson.engine.process.Session;
import dev.caisson.engine.process.StandardStreams;
import dev.caisson.launcher.Streams;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Json;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.ProgramTree;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Puts what the backends contribute, and the engine's own steps, into one launch program.
 *
 * <p>Contributors stand in the order rootfs provider, isolators, controller, engine: so do their steps within a section or phase, but
 * after the clone the rootfs provider is last. The teardown runs in the reverse order, so that what was made last goes first.
 */
final class Composer {

    private static final String ENGINE = "engine";

    /** Who contributed what. */
    private record Part(String backend, Contribution contribution) {}

    private final Plan plan;
    private final Streams streams;
    private final List<Part> parts = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();

    private Composer(Plan plan, Streams streams) {
        this.plan = plan;
        this.streams = streams;
    }

    /** The launch program of a container. A pure function of the plan. */
    static LaunchProgram compose(Plan plan, Streams streams) {
        return new Composer(plan, streams).compose();
    }

    private LaunchProgram compose() {
        plan.rootfs()
                .ifPresent(chosen -> add(chosen, () -> chosen.backend().contribute(plan.request(chosen.settings()))));
        plan.isolators()
                .forEach(chosen -> add(chosen, () -> chosen.backend().contribute(plan.request(chosen.settings()))));
        plan.controller()
                .ifPresent(chosen -> add(chosen, () -> chosen.backend().contribute(plan.request(chosen.settings()))));
        process();

        List<Line> teardown = teardown();
        add(Section.SETUP, ENGINE, MonitorProcess.begin(!plan.has(Feature.PID_NAMESPACE)));
        add(Section.SETUP, ENGINE, RunRecord.write(plan.site(), record(teardown)));
        parts.forEach(
                part -> add(Section.SETUP, part.backend(), part.contribution().setup()));
        add(Section.SETUP, ENGINE, List.of(cloneStep()));

        boolean gated = parts.stream()
                .anyMatch(part -> !part.contribution().afterClone().isEmpty());
        afterClone()
                .forEach(part -> add(
                        Section.AFTER_CLONE, part.backend(), part.contribution().afterClone()));
        if (gated) {
            add(
                    Section.AFTER_CLONE,
                    ENGINE,
                    List.of(Step.of("stop sharing descriptors with the child, and let it go on", new Op.OpenGate())));
        }
        add(Section.AFTER_CLONE, ENGINE, MonitorProcess.letGo());
        add(Section.AFTER_CLONE, ENGINE, List.of(supervise()));

        if (gated) {
            add(Section.CHILD, ENGINE, List.of(Step.of("wait until the monitor is ready", new Op.AwaitGate())));
        }
        for (Phase phase : Phase.values()) {
            parts.forEach(part -> add(
                    Section.CHILD, part.backend(), part.contribution().child().getOrDefault(phase, List.of())));
        }
        lines.addAll(teardown);
        return checked(lines);
    }

    private static LaunchProgram checked(List<Line> lines) {
        try {
            return new LaunchProgram(lines);
        } catch (IllegalArgumentException e) {
            throw new BackendException(e.getMessage() + "; report this to the backend's author", e);
        }
    }

    /** The root file system last: a mount takes over the id maps of the user namespace, which must be written by then. */
    private List<Part> afterClone() {
        List<Part> ordered = new ArrayList<>(parts);
        if (plan.rootfs().isPresent()) {
            ordered.add(ordered.remove(0));
        }
        return ordered;
    }

    private void process() {
        ContainerSpec spec = plan.spec();
        if (plan.rootfs().isPresent()) {
            own(NameFiles.contribute(spec, plan.host(), plan.has(Feature.NETWORK_NAMESPACE)));
        }
        own(StandardStreams.contribute(spec.process(), streams));
        own(Limits.contribute(spec.process()));
        own(Credentials.contribute(spec.process(), plan.host()));
        own(Session.contribute(spec.process(), streams.window()));
        own(Command.contribute(spec.process(), spec.process().init() && plan.has(Feature.PID_NAMESPACE)));
    }

    private List<Line> teardown() {
        List<Line> teardown = new ArrayList<>();
        for (int i = parts.size() - 1; i >= 0; i--) {
            Part part = parts.get(i);
            part.contribution()
                    .teardown()
                    .forEach(step -> teardown.add(new Line(Section.TEARDOWN, part.backend(), step)));
        }
        teardown.add(new Line(Section.TEARDOWN, ENGINE, RunRecord.drop(plan.site())));
        return teardown;
    }

    /** The text of the record: what {@link Recovery} needs. */
    private String record(List<Line> teardown) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("id", plan.site().id());
        record.put("name", plan.spec().name());
        record.put("program", ProgramTree.write(checked(teardown)));
        return Json.write(record);
    }

    private Step cloneStep() {
        Set<Namespace> namespaces = EnumSet.noneOf(Namespace.class);
        parts.forEach(part -> namespaces.addAll(part.contribution().namespaces()));
        Optional<Argument.Result> cgroup = parts.stream()
                .map(part -> part.contribution().cgroup())
                .filter(Objects::nonNull)
                .findFirst();
        String into = namespaces.isEmpty()
                ? ""
                : " in new namespaces: "
                        + String.join(
                                ", ",
                                namespaces.stream().map(Namespace::toString).toList());
        return Step.of("make the child" + into, new Op.Clone(namespaces, cgroup))
                .hint(Errno.ENOSPC, "raise the limit in /proc/sys/user/max_*_namespaces")
                .hint(Errno.EPERM, "run as root");
    }

    private Step supervise() {
        Timeouts timeouts = plan.spec().timeouts();
        Optional<ResourceController.CpuClock> clock = timeouts.cpu().isZero()
                ? Optional.empty()
                : plan.controller().flatMap(chosen -> chosen.backend().cpuClock(plan.request(chosen.settings())));
        return Step.of(
                "wait for the container, pass signals on, enforce deadlines",
                new Op.Supervise(
                        timeouts.wall(),
                        timeouts.cpu(),
                        clock.map(ResourceController.CpuClock::path).orElse(null),
                        clock.map(ResourceController.CpuClock::unitNanos).orElse(1L),
                        timeouts.grace(),
                        Runtime.getRuntime().availableProcessors()));
    }

    private void add(Chosen<?> chosen, Supplier<Contribution> contribution) {
        try {
            parts.add(new Part(chosen.name(), contribution.get()));
        } catch (CaissonException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new BackendException(
                    chosen.name() + ": it failed to contribute: " + e + "; report this to the backend's author", e);
        }
    }

    private void own(Contribution contribution) {
        parts.add(new Part(ENGINE, contribution));
    }

    private void add(Section section, String backend, List<Step> steps) {
        steps.forEach(step -> lines.add(new Line(section, backend, step)));
    }
}
