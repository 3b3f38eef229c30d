package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.api.Capability;
import dev.caisson.api.Settings;
import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import dev.caisson.seccomp.FilterInterpreter.Call;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeccompSettingsTest {

    private static SeccompSettings settings(
            Preset preset, List<String> allow, List<String> errno, List<String> kill, List<String> log) {
        return new SeccompSettings(
                preset,
                allow.stream().map(CallPattern::parse).toList(),
                errno.stream().map(Refusal::parse).toList(),
                kill.stream().map(CallPattern::parse).toList(),
                log.stream().map(CallPattern::parse).toList());
    }

    private static Action decide(SeccompSettings settings, String call, Long... arguments) {
        Filter filter = FilterCompiler.compile(settings.policy(Capability.DOCKER_DEFAULT), Architecture.X86_64);
        return FilterInterpreter.run(filter, Call.of(Architecture.X86_64, call, arguments))
                .action();
    }

    @Test
    void withoutAWordInTheProfileThePresetIsTheDefaultOne() {
        assertEquals(Preset.DEFAULT, Settings.none().as(SeccompSettings.class).preset());
    }

    @Test
    void theProfileGoesBeforeThePreset() {
        SeccompSettings settings = settings(
                Preset.DEFAULT,
                List.of("io_uring_setup"),
                List.of("ptrace", "fork EAGAIN"),
                List.of("personality"),
                List.of("execve"));

        assertEquals(Action.ALLOW, decide(settings, "io_uring_setup"));
        assertEquals(Action.errno(Errno.EPERM), decide(settings, "ptrace"));
        assertEquals(Action.errno(Errno.EAGAIN), decide(settings, "fork"));
        assertEquals(Action.KILL_PROCESS, decide(settings, "personality"));
        assertEquals(Action.LOG, decide(settings, "execve"));
        assertEquals(Action.ALLOW, decide(settings, "read"));
    }

    @Test
    void whereTheProfilesConditionsDoNotHoldThePresetDecides() {
        SeccompSettings settings =
                settings(Preset.DEFAULT, List.of(), List.of("socket(arg0 == 16) EACCES"), List.of(), List.of());

        assertEquals(Action.errno(Errno.EACCES), decide(settings, "socket", 16L));
        assertEquals(Action.errno(Errno.EPERM), decide(settings, "socket", 40L));
        assertEquals(Action.ALLOW, decide(settings, "socket", 2L));
    }

    @Test
    void callsWithConditionsGoBeforeTheWholeOfTheSystemCall() {
        SeccompSettings settings = settings(
                Preset.NONE, List.of("kill(arg1 == 0)"), List.of(), List.of("kill"), List.of("kill(arg1 < 3)"));

        assertEquals(Action.LOG, decide(settings, "kill", 1L, 0L));
        assertEquals(Action.LOG, decide(settings, "kill", 1L, 2L));
        assertEquals(Action.KILL_PROCESS, decide(settings, "kill", 1L, 9L));
        assertEquals(Action.ALLOW, decide(settings, "read"));
    }

    @Test
    void oneCallUnderTwoActionsIsAContradiction() {
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class,
                () -> settings(
                        Preset.DEFAULT,
                        List.of("socket(arg0 == 0x10)"),
                        List.of(),
                        List.of("socket(arg0 == 16)"),
                        List.of()));

        assertEquals("socket(arg0 == 0x10) is under kill and under allow; keep one of the two", error.getMessage());
    }
}
