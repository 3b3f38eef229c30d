package dev.caisson.engine;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.Isolator;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ResourceController;
import dev.caisson.api.ResourceUsage;
import dev.caisson.api.RootfsProvider;
import dev.caisson.api.Settings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Backends that say what a test wants them to say. */
final class Fakes {

    private Fakes() {}

    /** An isolator that offers some features. */
    static FakeIsolator isolator(String name, Feature... offers) {
        return new FakeIsolator(name, new ProbeReport(set(offers), Set.of(), List.of()), Fakes::nothing);
    }

    /** An isolator like the standard one with namespaces, which offers enough for a container. */
    static FakeIsolator container() {
        return isolator("box", Feature.MOUNT_NAMESPACE, Feature.PID_NAMESPACE, Feature.ROOT_SWITCH, Feature.KILL_ALL);
    }

    /** A provider that offers some features. */
    static FakeProvider provider(String name, Feature... offers) {
        return new FakeProvider(name, new ProbeReport(set(offers), Set.of(), List.of()), Fakes::nothing);
    }

    /** A controller that offers some features. */
    static FakeController controller(String name, Feature... offers) {
        return new FakeController(name, new ProbeReport(set(offers), Set.of(), List.of()), Fakes::nothing);
    }

    private static Contribution nothing(LaunchRequest request) {
        return Contribution.builder().build();
    }

    private static Set<Feature> set(Feature... features) {
        Set<Feature> set = EnumSet.noneOf(Feature.class);
        set.addAll(List.of(features));
        return set;
    }

    private static ProbeReport blocked(ProbeReport report) {
        return new ProbeReport(
                report.offers(), report.needs(), List.of(Finding.blocker("it does not work here", "go elsewhere")));
    }

    private static ProbeReport needing(ProbeReport report, Feature... needs) {
        return new ProbeReport(report.offers(), set(needs), report.findings());
    }

    record FakeIsolator(String name, ProbeReport report, Function<LaunchRequest, Contribution> steps)
            implements Isolator {

        FakeIsolator needs(Feature... needs) {
            return new FakeIsolator(name, needing(report, needs), steps);
        }

        FakeIsolator blocked() {
            return new FakeIsolator(name, Fakes.blocked(report), steps);
        }

        FakeIsolator with(Contribution contribution) {
            return new FakeIsolator(name, report, request -> contribution);
        }

        @Override
        public String description() {
            return "isolates nothing";
        }

        @Override
        public ProbeReport probe(Host host, Settings settings) {
            return report;
        }

        @Override
        public Contribution contribute(LaunchRequest request) {
            return steps.apply(request);
        }
    }

    record FakeProvider(String name, ProbeReport report, Function<LaunchRequest, Contribution> steps)
            implements RootfsProvider {

        FakeProvider needs(Feature... needs) {
            return new FakeProvider(name, needing(report, needs), steps);
        }

        FakeProvider blocked() {
            return new FakeProvider(name, Fakes.blocked(report), steps);
        }

        FakeProvider with(Contribution contribution) {
            return new FakeProvider(name, report, request -> contribution);
        }

        @Override
        public String description() {
            return "provides nothing";
        }

        @Override
        public ProbeReport probe(Host host, Settings settings) {
            return report;
        }

        @Override
        public void prepare(LaunchRequest request, Host host) {}

        @Override
        public Contribution contribute(LaunchRequest request) {
            return steps.apply(request);
        }
    }

    record FakeController(String name, ProbeReport report, Function<LaunchRequest, Contribution> steps)
            implements ResourceController {

        FakeController blocked() {
            return new FakeController(name, Fakes.blocked(report), steps);
        }

        FakeController with(Contribution contribution) {
            return new FakeController(name, report, request -> contribution);
        }

        @Override
        public String description() {
            return "limits nothing";
        }

        @Override
        public ProbeReport probe(Host host, Settings settings) {
            return report;
        }

        @Override
        public Contribution contribute(LaunchRequest request) {
            return steps.apply(request);
        }

        @Override
        public Optional<CpuClock> cpuClock(LaunchRequest request) {
            return Optional.of(new CpuClock("/clock", 1000));
        }

        /** Reads "peak", "oom" and "refused", as far as they were collected. */
        @Override
        public ResourceUsage usage(Map<String, String> collected) {
            return new ResourceUsage(
                    collected.containsKey("peak")
                            ? OptionalLong.of(Long.parseLong(collected.get("peak")))
                            : OptionalLong.empty(),
                    Optional.ofNullable(collected.get("cpu")).map(Duration::parse),
                    Long.parseLong(collected.getOrDefault("oom", "0")),
                    Long.parseLong(collected.getOrDefault("refused", "0")));
        }
    }
}
