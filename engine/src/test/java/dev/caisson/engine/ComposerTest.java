package dev.caisson.engine;

import static dev.caisson.engine.Fakes.container;
import static dev.caisson.engine.Fakes.controller;
import static dev.caisson.engine.Fakes.isolator;
import static dev.caisson.engine.Fakes.provider;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caisson.api.Backend;
import dev.caisson.api.BackendException;
import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Phase;
import dev.caisson.api.ProfileException;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileBuilder;
import dev.caisson.launcher.Streams;
import dev.caisson.program.Argument;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.ProgramTree;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ComposerTest {

    private static final String ENGINE = "engine";

    @Test
    void theSetupWritesTheRecordBeforeAnythingIsMadeAndEndsWithTheChild() {
        List<String> setup = texts(everything().section(Section.SETUP), line -> true);
        int record = setup.indexOf("engine: give the record its name");
        int first = setup.indexOf("mount: setup of mount");
        assertEquals("engine: close every descriptor but the five given", setup.get(0));
        assertTrue(0 < record && record < first, setup::toString);
        assertEquals(
                List.of(
                        "mount: setup of mount",
                        "box: setup of box",
                        "filter: setup of filter",
                        "group: setup of group",
                        "engine: make the child in new namespaces: mount, pid"),
                setup.subList(first, setup.size()));
    }

    @Test
    void afterTheCloneTheRootIsLastAsItTakesOverTheMapsOfIds() {
        assertEquals(
                List.of(
                        "box: after clone of box",
                        "filter: after clone of filter",
                        "group: after clone of group",
                        "mount: after clone of mount",
                        "engine: stop sharing descriptors with the child, and let it go on",
                        "engine: let go of the container's streams",
                        "engine: leave the status socket to the child",
                        "engine: wait for the container, pass signals on, enforce deadlines"),
                texts(everything().section(Section.AFTER_CLONE), line -> true));
    }

    @Test
    void theChildGoesThroughThePhasesAndInEachThroughTheContributors() {
        List<String> backends = texts(
                everything().section(Section.CHILD), line -> !line.backend().equals(ENGINE));
        assertEquals(
                List.of(
                        "box: join of box",
                        "filter: join of filter",
                        "group: join of group",
                        "mount: root of mount",
                        "box: pivot of box",
                        "filter: filter of filter"),
                backends);
        List<String> all = texts(everything().section(Section.CHILD), line -> true);
        assertTrue(all.indexOf("mount: root of mount") < all.indexOf("engine: make /etc"), all::toString);
        assertTrue(all.indexOf("engine: make /etc") < all.indexOf("box: pivot of box"), all::toString);
        assertTrue(all.indexOf("box: pivot of box") < all.indexOf("engine: become user 0"), all::toString);
        assertEquals("filter: filter of filter", all.get(all.size() - 2));
        assertEquals("engine: execute sh", all.get(all.size() - 1));
    }

    @Test
    void theTeardownGoesBackwardsAndForgetsTheRunLast() {
        assertEquals(
                List.of(
                        "group: teardown of group",
                        "filter: teardown of filter",
                        "box: teardown of box",
                        "mount: teardown of mount",
                        "engine: remove the record of this run"),
                texts(everything().section(Section.TEARDOWN), line -> true));
    }

    @Test
    void theRecordHoldsTheTeardown() throws Exception {
        LaunchProgram program = everything();
        Step write = only(program, "write the teardown into it");
        byte[] content =
                ((Argument.Bytes) ((Op.SystemCall) write.op()).arguments().get(1)).value();
        Map<?, ?> record = new ObjectMapper().readValue(new String(content, StandardCharsets.UTF_8), Map.class);

        assertEquals("test-1", record.get("id"));
        assertEquals(program.teardownOnly(), ProgramTree.read(Objects.requireNonNull(record.get("program"))));
    }

    @Test
    void thereIsAGateOnlyWhereTheChildHasToWait() {
        LaunchProgram gated = everything();
        assertEquals(
                new Op.AwaitGate(), gated.section(Section.CHILD).get(0).step().op());

        LaunchProgram open = program(profile(), container(), mount());
        assertTrue(open.lines().stream().noneMatch(line -> line.step().op() instanceof Op.OpenGate));
        assertFalse(open.section(Section.CHILD).get(0).step().op() instanceof Op.AwaitGate);
    }

    @Test
    void theChildIsMadeInTheNamespacesOfAllAndInTheGroupOfOne() {
        Contribution network =
                Contribution.builder().namespace(Namespace.NETWORK).build();
        Contribution group = Contribution.builder()
                .setup(Step.of("open the group", Op.call("openat")).naming("group"))
                .cgroup("group")
                .build();
        LaunchProgram program = program(
                profile().isolator("net").controller("group"),
                container().with(Contribution.builder().namespace(Namespace.PID).build()),
                isolator("net").with(network),
                mount(),
                controller("group").with(group));
        assertEquals(
                new Op.Clone(Set.of(Namespace.PID, Namespace.NETWORK), Optional.of(new Argument.Result("group"))),
                only(program, "make the child in new namespaces: pid, network").op());
    }

    @Test
    void aReaperNeedsAPidNamespaceAndOrphansAnotherParentWithoutOne() {
        LaunchProgram own = program(profile(), container(), mount());
        assertTrue(has(own, "fork the command off and stay as pid 1, to reap orphans and pass signals on"));
        assertFalse(has(own, "become the parent of orphans"));
        assertFalse(has(
                program(profile().init(false), container(), mount()),
                "fork the command off and stay as pid 1, to reap orphans and pass signals on"));

        LaunchProgram shared = program(
                Profile.builder().isolator("root"),
                isolator("root", Feature.ROOT_SWITCH),
                mount(),
                controller("group", Feature.KILL_ALL));
        assertTrue(has(shared, "become the parent of orphans"));
        assertFalse(has(shared, "fork the command off and stay as pid 1, to reap orphans and pass signals on"));
    }

    @Test
    void theClockIsAskedForOnlyWhereTimeIsLimited() {
        Fakes.FakeController group = controller("group", Feature.CPU_CLOCK);
        Op.Supervise unlimited = supervise(program(profile(), container(), mount(), group));
        assertEquals(Duration.ZERO, unlimited.cpu());
        assertEquals(null, unlimited.cpuClock());

        Op.Supervise limited =
                supervise(program(profile().cpuTimeout(Duration.ofSeconds(3)), container(), mount(), group));
        assertEquals(Duration.ofSeconds(3), limited.cpu());
        assertEquals("/clock", limited.cpuClock());
        assertEquals(1000, limited.cpuClockUnit());
    }

    @Test
    void onePlanGivesOneProgram() {
        assertEquals(everything(), everything());
    }

    @Test
    void aBackendThatFailsIsItsAuthorsMatter() {
        Fakes.FakeIsolator failing = new Fakes.FakeIsolator("box", container().report(), request -> {
            throw new IndexOutOfBoundsException("4 of 3");
        });
        BackendException failure = assertThrows(BackendException.class, () -> program(profile(), failing, mount()));
        assertEquals(
                "box: it failed to contribute: java.lang.IndexOutOfBoundsException: 4 of 3;"
                        + " report this to the backend's author",
                failure.getMessage());

        Fakes.FakeIsolator refusing = new Fakes.FakeIsolator("box", container().report(), request -> {
            throw new ProfileException("my.yaml:1:1: no");
        });
        assertThrows(ProfileException.class, () -> program(profile(), refusing, mount()));
    }

    @Test
    void stepsThatDoNotFitTogetherAreTheirAuthorsMatter() {
        Contribution dangling = Contribution.builder()
                .child(Phase.ROOT, Step.of("close it", Op.call("close", Argument.result("nothing"))))
                .build();
        BackendException failure = assertThrows(
                BackendException.class, () -> program(profile(), container().with(dangling), mount()));
        assertEquals(
                "box: \"close it\" uses the result \"nothing\", which no step before it returns;"
                        + " report this to the backend's author",
                failure.getMessage());
    }

    /** A program to which every backend contributes something of each kind. */
    private static LaunchProgram everything() {
        return program(
                profile().isolator("filter").controller("group"),
                container()
                        .with(contribution("box", Phase.PIVOT)
                                .namespace(Namespace.MOUNT)
                                .namespace(Namespace.PID)
                                .child(Phase.JOIN, step("join of box"))
                                .build()),
                isolator("filter", Feature.SYSTEM_CALL_FILTER)
                        .with(contribution("filter", Phase.FILTER)
                                .child(Phase.JOIN, step("join of filter"))
                                .build()),
                mount().with(contribution("mount", Phase.ROOT).build()),
                controller("group", Feature.MEMORY)
                        .with(contribution("group", Phase.JOIN).build()));
    }

    private static Contribution.Builder contribution(String name, Phase phase) {
        return Contribution.builder()
                .setup(step("setup of " + name))
                .afterClone(step("after clone of " + name))
                .child(phase, step(phase.name().toLowerCase(java.util.Locale.ROOT) + " of " + name))
                .teardown(step("teardown of " + name));
    }

    private static Step step(String description) {
        return Step.of(description, Op.call("getpid"));
    }

    private static Fakes.FakeProvider mount() {
        return provider("mount", Feature.ROOT_MOUNT);
    }

    private static ProfileBuilder profile() {
        return Profile.builder().isolator("box");
    }

    private static LaunchProgram program(ProfileBuilder profile, Backend... backends) {
        Plan plan = Plans.resolve(profile.hostPrograms("sh").command("sh"), backends);
        return Composer.compose(plan, Streams.INHERIT);
    }

    private static Op.Supervise supervise(LaunchProgram program) {
        return (Op.Supervise) only(program, "wait for the container, pass signals on, enforce deadlines")
                .op();
    }

    private static Step only(LaunchProgram program, String description) {
        List<Step> found = program.lines().stream()
                .map(Line::step)
                .filter(step -> step.description().equals(description))
                .toList();
        assertEquals(1, found.size(), description);
        return found.get(0);
    }

    private static boolean has(LaunchProgram program, String description) {
        return program.lines().stream()
                .anyMatch(line -> line.step().description().equals(description));
    }

    private static List<String> texts(List<Line> lines, Predicate<Line> which) {
        return lines.stream()
                .filter(which)
                .map(line -> line.backend() + ": " + line.step().description())
                .toList();
    }
}
