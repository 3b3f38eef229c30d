package dev.caisson.engine;

import static dev.caisson.engine.Fakes.container;
import static dev.caisson.engine.Fakes.controller;
import static dev.caisson.engine.Fakes.isolator;
import static dev.caisson.engine.Fakes.provider;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Backend;
import dev.caisson.api.ContainerSpec;
import dev.caisson.api.ContainerSpec.Selection;
import dev.caisson.api.Feature;
import dev.caisson.api.HostException;
import dev.caisson.api.ProfileException;
import dev.caisson.api.Settings;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResolverTest {

    private static final Fakes.FakeProvider MOUNT = provider("mount", Feature.ROOT_MOUNT);

    @Test
    void takesWhatIsNamed() {
        Plan plan = Plans.resolve(
                complete(profile()).isolator("filter").rootfs("mount").controller("group"),
                container(),
                isolator("filter", Feature.SYSTEM_CALL_FILTER),
                isolator("other"),
                MOUNT,
                controller("group", Feature.MEMORY));
        assertEquals(
                List.of("box", "filter"),
                plan.isolators().stream().map(Chosen::name).toList());
        assertEquals(Optional.of("mount"), plan.rootfs().map(Chosen::name));
        assertEquals(Optional.of("group"), plan.controller().map(Chosen::name));
        assertTrue(plan.has(Feature.SYSTEM_CALL_FILTER) && plan.has(Feature.MEMORY) && plan.has(Feature.ROOT_MOUNT));
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertRefused(
                "unknown isolator \"bx\"; known are box, filter",
                Profile.builder().isolator("bx"),
                container(),
                isolator("filter"),
                MOUNT);
        assertRefused(
                "unknown rootfs provider \"zfs\"; known are mount", profile().rootfs("zfs"), container(), MOUNT);
        assertRefused(
                "unknown resource controller \"group\"; none was found on the class path",
                profile().controller("group"),
                container(),
                MOUNT);
    }

    @Test
    void theErrorSaysWhereTheNameStands() {
        ContainerSpec spec = spec(profile());
        ProfileException refused = assertThrows(
                ProfileException.class,
                () -> Plans.resolve(
                        withIsolators(spec, new Selection("bx", Settings.none(), "my.yaml:3:5")), container()));
        assertEquals("my.yaml:3:5: unknown isolator \"bx\"; known are box", refused.getMessage());
    }

    @Test
    void noIsolatorIsChosenTwice() {
        Selection box = new Selection("box", Settings.none(), "my.yaml:3:5");
        ProfileException refused = assertThrows(
                ProfileException.class,
                () -> Plans.resolve(withIsolators(spec(profile()), box, box), container(), MOUNT));
        assertEquals("my.yaml:3:5: box is chosen twice; name it once", refused.getMessage());
    }

    @Test
    void whatABackendNeedsAnotherMustOffer() {
        assertRefused(
                "box needs a user namespace, which none of the other backends here offers (mount)",
                profile(),
                container().needs(Feature.USER_NAMESPACE),
                MOUNT);
        Plans.resolve(
                complete(profile()).isolator("users"),
                container().needs(Feature.USER_NAMESPACE),
                isolator("users", Feature.USER_NAMESPACE),
                MOUNT);
    }

    @Test
    void aRootThatIsAMountNeedsAMountNamespace() {
        assertRefused(
                "mount needs a mount namespace",
                Profile.builder().isolator("root").rootfs("mount"),
                isolator("root", Feature.ROOT_SWITCH, Feature.KILL_ALL),
                MOUNT.needs(Feature.MOUNT_NAMESPACE));
    }

    @Test
    void autoTakesAProviderThatFitsAndWorks() {
        Fakes.FakeProvider directory = provider("directory", Feature.ROOT_DIRECTORY);
        Fakes.FakeIsolator root = isolator("root", Feature.ROOT_SWITCH, Feature.KILL_ALL);

        assertEquals("mount", providerOf(profile(), container(), MOUNT, directory), "a mount is preferred");
        assertEquals("directory", providerOf(profile(), container(), MOUNT.blocked(), directory), "one that works is");
        assertEquals(
                "directory",
                providerOf(Profile.builder().isolator("root"), root, MOUNT.needs(Feature.MOUNT_NAMESPACE), directory),
                "what needs more than there is does not fit");
        assertRefused(
                "no rootfs provider fits these isolators",
                Profile.builder().isolator("root"),
                root,
                MOUNT.needs(Feature.MOUNT_NAMESPACE));
    }

    @Test
    void autoTakesTheControllerThatOffersMostOfWhatIsAskedFor() {
        Fakes.FakeController old = controller("group1", Feature.MEMORY, Feature.PIDS);
        Fakes.FakeController young = controller("group2", Feature.PIDS, Feature.KILL_ALL, Feature.CPU);

        assertEquals(Optional.of("group1"), controllerOf(profile().memory("64MiB"), container(), MOUNT, old, young));
        assertEquals(Optional.of("group2"), controllerOf(profile().pids(5), container(), MOUNT, old, young));
        assertEquals(Optional.of("group1"), controllerOf(profile().pids(5), container(), MOUNT, old, young.blocked()));
        assertEquals(
                Optional.of("group2"),
                controllerOf(
                        profile(),
                        container(),
                        MOUNT,
                        controller("group1", Feature.MEMORY),
                        controller("group2", Feature.MEMORY)),
                "of equals the last by name, which is the newer version");
        assertEquals(
                Optional.empty(), controllerOf(profile(), container(), MOUNT, old.blocked()), "none is needed here");
    }

    @Test
    void autoTakesOneThatDoesNotWorkHereToSayWhyAndToExplainWithoutRoot() {
        Fakes.FakeController blocked = controller("group", Feature.MEMORY).blocked();
        Plan plan = Plans.resolve(complete(profile().memory("64MiB")), container(), MOUNT, blocked);
        assertEquals(Optional.of("group"), plan.controller().map(Chosen::name));
        assertThrows(HostException.class, plan::requireSupported);
    }

    @Test
    void aLimitThatNobodyEnforcesIsRefused() {
        assertRefused(
                "a memory limit is asked for, and group cannot enforce it here",
                profile().memory("64MiB").controller("group"),
                container(),
                MOUNT,
                controller("group", Feature.PIDS));
        assertRefused(
                "a memory limit is asked for, and there is no resource controller to enforce it",
                profile().memory("64MiB").controller("none"),
                container(),
                MOUNT,
                controller("group", Feature.MEMORY));
        assertRefused(
                "a limit on processor time is asked for, and there is no resource controller to measure it",
                profile().cpuTimeout(Duration.ofSeconds(1)),
                container(),
                MOUNT);
        assertRefused(
                "a limit on processor time is asked for, and group measures none here",
                profile().cpuTimeout(Duration.ofSeconds(1)),
                container(),
                MOUNT,
                controller("group", Feature.MEMORY));
    }

    @Test
    void aControllerThatDoesNotWorkHereSaysWhyRatherThanThatItOffersTooLittle() {
        Plan plan = Plans.resolve(
                complete(profile()).memory("64MiB").controller("group"),
                container(),
                MOUNT,
                controller("group").blocked());
        assertThrows(HostException.class, plan::requireSupported);
    }

    @Test
    void somethingMustEndEveryProcess() {
        Fakes.FakeIsolator root = isolator("root", Feature.ROOT_SWITCH);
        assertRefused(
                "without a pid namespace, nothing would end all of the container's processes",
                Profile.builder().isolator("root"),
                root,
                MOUNT);
        Plans.resolve(complete(Profile.builder().isolator("root")), root, MOUNT, controller("group", Feature.KILL_ALL));
    }

    @Test
    void oneBackendChangesTheRoot() {
        assertRefused(
                "both box and root change the root directory; choose one of them",
                profile().isolator("root"),
                container(),
                isolator("root", Feature.ROOT_SWITCH),
                MOUNT);
        assertRefused(
                "there is a root file system, but no isolator changes the root directory",
                Profile.builder().isolator("filter"),
                isolator("filter", Feature.PID_NAMESPACE),
                MOUNT);
    }

    @Test
    void aTerminalNeedsAMountNamespace() {
        assertRefused(
                "a terminal is asked for, but without a mount namespace",
                Profile.builder().isolator("root").tty(true),
                isolator("root", Feature.ROOT_SWITCH, Feature.PID_NAMESPACE),
                MOUNT);
    }

    @Test
    void whatThisHostCannotDoIsAFindingAndKeepsAStartFromHappening() {
        Plan plan = Plans.resolve(complete(profile()), container().blocked(), MOUNT);
        assertEquals(
                List.of("box: it does not work here; go elsewhere"),
                plan.findings().stream().map(Plan.Observation::toString).toList());
        HostException refused = assertThrows(HostException.class, plan::requireSupported);
        assertEquals("box: it does not work here; go elsewhere", refused.getMessage());
    }

    private static ProfileBuilder profile() {
        return Profile.builder().isolator("box");
    }

    private static ProfileBuilder complete(ProfileBuilder profile) {
        return profile.hostPrograms("sh").command("sh");
    }

    private static ContainerSpec spec(ProfileBuilder profile) {
        return complete(profile).build().spec(List.of(Path.of("/layer")));
    }

    private static ContainerSpec withIsolators(ContainerSpec spec, Selection... isolators) {
        return new ContainerSpec(
                spec.name(),
                spec.hostname(),
                List.of(isolators),
                spec.rootfs(),
                spec.controller(),
                spec.resources(),
                spec.process(),
                spec.timeouts(),
                spec.network());
    }

    private static String providerOf(ProfileBuilder profile, Backend... backends) {
        return Plans.resolve(complete(profile), backends).rootfs().orElseThrow().name();
    }

    private static Optional<String> controllerOf(ProfileBuilder profile, Backend... backends) {
        return Plans.resolve(complete(profile), backends).controller().map(Chosen::name);
    }

    private static void assertRefused(String message, ProfileBuilder profile, Backend... backends) {
        ProfileBuilder complete = complete(profile);
        ProfileException refused =
                assertThrows(ProfileException.class, () -> Plans.resolve(complete, backends), message);
        String found = String.valueOf(refused.getMessage());
        assertTrue(found.contains(message), found);
        assertTrue(found.contains(";"), () -> "it says no remedy: " + found);
    }
}
