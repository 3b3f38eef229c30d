package dev.caisson.namespaces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskingTest {

    @TempDir
    Path root;

    @Test
    void triesTheKnownKindOfPathFirstAndTheOtherAfterIt() {
        List<String> calls = calls(Requests.defaults());

        assertTrue(calls.contains("mount(\"dev/null\", \"proc/kcore\", NULL, MS_BIND, NULL)"
                + "  # else mount(\"dev/.empty\", \"proc/kcore\", NULL, MS_BIND, NULL)  # or ENOENT"));
        assertTrue(calls.contains("mount(\"dev/.empty\", \"sys/firmware\", NULL, MS_BIND, NULL)"
                + "  # else mount(\"dev/null\", \"sys/firmware\", NULL, MS_BIND, NULL)  # or ENOENT"));
    }

    @Test
    void removesTheEmptyDirectoryBeforeAnybodyCanPutSomethingThere() {
        List<String> calls = calls(Requests.defaults());

        int made = calls.indexOf("mkdirat(AT_FDCWD, \"dev/.empty\", 0555)");
        int removed = calls.indexOf("unlinkat(AT_FDCWD, \"dev/.empty\", AT_REMOVEDIR)");
        assertEquals(0, made);
        assertTrue(calls.subList(removed + 1, calls.size()).stream().noneMatch(call -> call.contains(".empty")));
    }

    @Test
    void protectsWithABindMountThatIsMadeReadOnly() {
        List<String> calls = calls(Requests.defaults());

        int bind = calls.indexOf("mount(\"proc/sys\", \"proc/sys\", NULL, MS_BIND|MS_REC, NULL)  # or ENOENT");
        assertEquals(
                "mount(NULL, \"proc/sys\", NULL, MS_BIND|MS_REMOUNT|MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)"
                        + "  # or ENOENT",
                calls.get(bind + 1));
    }

    @Test
    void addsAndLeavesOutWhatTheProfileSays() {
        String calls = calls(Requests.masking(
                        List.of("/proc/version", "/sys/class/"),
                        List.of("/proc/tty"),
                        List.of("/proc/acpi", "/proc/sys")))
                .toString();

        assertTrue(calls.contains("\"proc/version\""));
        assertTrue(calls.contains("mount(\"dev/.empty\", \"sys/class\""));
        assertTrue(calls.contains("mount(\"proc/tty\", \"proc/tty\""));
        assertFalse(calls.contains("proc/acpi"));
        assertFalse(calls.contains("\"proc/sys\""));
        assertTrue(calls.contains("proc/scsi"));
    }

    @Test
    void leavesEverythingAsItIsWhenToldSo() {
        assertEquals(List.of(), calls(Requests.masking(List.of(), List.of(), List.of("all"))));
    }

    @Test
    void hidesTheThermalCountersOfEachProcessor() throws IOException {
        for (String processor : List.of("cpu0", "cpu10", "cpu2")) {
            Files.createDirectories(root.resolve("sys/devices/system/cpu/" + processor + "/thermal_throttle"));
        }
        Files.createDirectories(root.resolve("sys/devices/system/cpu/cpufreq/thermal_throttle"));

        assertEquals(
                List.of("cpu0", "cpu10", "cpu2"),
                calls(Requests.defaults()).stream()
                        .filter(call -> call.contains("thermal_throttle"))
                        .map(call -> call.replaceAll("(?s).*?/(cpu[^/]*)/thermal.*", "$1"))
                        .toList());
    }

    @Test
    void refusesPathsThatAnImageCouldRedirect() {
        for (String path : List.of("/etc/shadow", "proc/kcore", "/proc/../etc/shadow", "/sys/..", "/proc//x")) {
            assertThrows(
                    IllegalArgumentException.class, () -> Requests.masking(List.of(path), List.of(), List.of()), path);
            assertThrows(
                    IllegalArgumentException.class, () -> Requests.masking(List.of(), List.of(path), List.of()), path);
        }
    }

    @Test
    void refusesToUnmaskWhatIsNotMasked() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> Requests.masking(List.of(), List.of(), List.of("/proc/kcor")));

        assertTrue(
                refusal.toString()
                        .contains(
                                "unmask names /proc/kcor, which is neither hidden nor protected; write all, or one of /proc/acpi,"));
    }

    private List<String> calls(NamespacesSettings settings) {
        return Requests.calls(Masking.steps(settings, FakeHost.at(root)));
    }
}
