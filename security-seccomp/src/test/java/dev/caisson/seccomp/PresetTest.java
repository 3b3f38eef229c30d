package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.api.Capability;
import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import dev.caisson.seccomp.FilterInterpreter.Call;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetTest {

    private static final Action EPERM = Action.errno(Errno.EPERM);
    private static final Action ENOSYS = Action.errno(Errno.ENOSYS);
    private static final long GARBAGE = 0xdead_beef_0000_0000L;

    private static Action decide(Preset preset, Set<Capability> capabilities, String call, Long... arguments) {
        Filter filter =
                FilterCompiler.compile(Policy.of(preset.otherwise(), preset.rules(capabilities)), Architecture.X86_64);
        return FilterInterpreter.run(filter, Call.of(Architecture.X86_64, call, arguments))
                .action();
    }

    private static Action decide(Preset preset, String call, Long... arguments) {
        return decide(preset, Capability.DOCKER_DEFAULT, call, arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read",
                "openat",
                "execve",
                "connect",
                "ptrace",
                "shmget",
                "prctl",
                "statx",
                "futex_wait",
                "mseal"
            })
    void ordinaryCallsAreAllowedByDefault(String call) {
        assertEquals(Action.ALLOW, decide(Preset.DEFAULT, call));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io_uring_setup",
                "io_uring_enter",
                "io_uring_register",
                "keyctl",
                "add_key",
                "request_key",
                "userfaultfd",
                "kexec_load",
                "swapon",
                "migrate_pages",
                "move_pages",
                "unshare",
                "setns",
                "mount",
                "pivot_root",
                "bpf",
                "perf_event_open",
                "init_module",
                "open_by_handle_at",
                "reboot",
                "acct",
                "uselib",
                "_sysctl"
            })
    void whatOpensTheHostIsRefusedByBoth(String call) {
        assertEquals(EPERM, decide(Preset.DEFAULT, call));
        assertEquals(EPERM, decide(Preset.STRICT, call));
    }

    @ParameterizedTest
    @CsvSource({
        "SYS_ADMIN, mount",
        "SYS_ADMIN, unshare",
        "SYS_ADMIN, clone3",
        "SYS_ADMIN, pivot_root",
        "BPF, bpf",
        "DAC_READ_SEARCH, open_by_handle_at",
        "PERFMON, perf_event_open",
        "SYSLOG, syslog",
        "SYS_BOOT, reboot",
        "SYS_CHROOT, chroot",
        "SYS_MODULE, finit_module",
        "SYS_NICE, mbind",
        "SYS_PACCT, acct",
        "SYS_PTRACE, pidfd_getfd",
        "SYS_RAWIO, iopl",
        "SYS_TIME, clock_settime",
        "SYS_TTY_CONFIG, vhangup"
    })
    void aCapabilityOpensItsCallsInTheDefaultPresetOnly(Capability capability, String call) {
        assertEquals(Action.ALLOW, decide(Preset.DEFAULT, Set.of(capability), call));
        assertEquals(call.equals("clone3") ? ENOSYS : EPERM, decide(Preset.DEFAULT, Set.of(), call));
        assertEquals(call.equals("clone3") ? ENOSYS : EPERM, decide(Preset.STRICT, Set.of(capability), call));
    }

    @ParameterizedTest
    @EnumSource(
            value = Preset.class,
            names = {"DEFAULT", "STRICT"})
    void processesAndThreadsAreMadeButNoNamespaces(Preset preset) {
        long thread = 0x3d0f00;
        long newUser = 0x1000_0000;
        assertEquals(Action.ALLOW, decide(preset, "clone", thread));
        assertEquals(Action.ALLOW, decide(preset, "fork"));
        assertEquals(EPERM, decide(preset, "clone", newUser));
        assertEquals(EPERM, decide(preset, "clone", newUser | GARBAGE));
        assertEquals(ENOSYS, decide(preset, "clone3"));
    }

    @Test
    void charactersAreNotPushedIntoTerminals() {
        for (long request : new long[] {0x5412, 0x541c}) {
            assertEquals(EPERM, decide(Preset.DEFAULT, "ioctl", 0L, request));
            assertEquals(EPERM, decide(Preset.DEFAULT, "ioctl", 0L, request | GARBAGE));
            assertEquals(EPERM, decide(Preset.STRICT, "ioctl", 0L, request));
        }
        assertEquals(Action.ALLOW, decide(Preset.DEFAULT, "ioctl", 0L, 0x5401L));
        assertEquals(Action.ALLOW, decide(Preset.STRICT, "ioctl", 0L, 0x5401L));
    }

    @Test
    void socketsOfTheKernelsCryptographyAndOfHypervisorsAreRefused() {
        for (long family : new long[] {38, 40}) {
            assertEquals(EPERM, decide(Preset.DEFAULT, "socket", family));
            assertEquals(EPERM, decide(Preset.DEFAULT, "socket", family | GARBAGE));
        }
        for (long family : new long[] {1, 2, 10, 16, 37, 39, 41}) {
            assertEquals(Action.ALLOW, decide(Preset.DEFAULT, "socket", family));
            assertEquals(EPERM, decide(Preset.STRICT, "socket", family));
        }
    }

    @Test
    void personalitiesAreTheFiveOfDocker() {
        for (long personality : new long[] {0, 8, 0x20000, 0x20008, 0xffffffffL, -1}) {
            assertEquals(Action.ALLOW, decide(Preset.DEFAULT, "personality", personality));
        }
        assertEquals(EPERM, decide(Preset.DEFAULT, "personality", 0x40000L));
    }

    /** Without no_new_privs the filter comes before the last steps of a launch. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "setgroups",
                "setresgid",
                "setresuid",
                "capset",
                "prctl",
                "close_range",
                "setsid",
                "execve",
                "exit_group"
            })
    void whatALaunchDoesAfterwardsIsAllowed(String call) {
        assertEquals(Action.ALLOW, decide(Preset.DEFAULT, Set.of(), call));
        assertEquals(Action.ALLOW, decide(Preset.STRICT, Set.of(), call));
    }

    @Test
    void strictAllowsNothingThatDefaultRefuses() {
        Policy strict = Policy.of(Preset.STRICT.otherwise(), Preset.STRICT.rules(Set.of()));
        Policy open = Policy.of(Preset.DEFAULT.otherwise(), Preset.DEFAULT.rules(Set.of()));
        for (Architecture architecture : List.of(Architecture.X86_64, Architecture.AARCH64)) {
            Filter narrow = FilterCompiler.compile(strict, architecture);
            Filter wide = FilterCompiler.compile(open, architecture);
            architecture.numbers().forEach((name, number) -> {
                for (long argument : new long[] {0, 0x5401, 0x1000_0000}) {
                    Call call = Call.of(architecture, number, argument, argument);
                    if (FilterInterpreter.run(narrow, call).action().permits()) {
                        assertEquals(
                                Action.ALLOW, FilterInterpreter.run(wide, call).action(), name);
                    }
                }
            });
        }
    }

    @Test
    void noneAllowsEverything() {
        assertEquals(Action.ALLOW, Preset.NONE.otherwise());
        assertEquals(List.of(), Preset.NONE.rules(Set.of()));
    }

    @Test
    void everyRuleOfAPresetIsForSomeArchitectureThatRuns() {
        for (Preset preset : Preset.values()) {
            preset.rules(Set.of(Capability.values()))
                    .forEach(rule -> assertEquals(
                            true,
                            List.of(Architecture.X86_64, Architecture.AARCH64).stream()
                                    .anyMatch(one -> one.numbers()
                                            .containsKey(rule.calls().syscall())),
                            rule.calls().syscall()));
        }
    }

    @Test
    void noCallIsListedTwiceInTheStrictPreset() {
        List<CallPattern> calls =
                Preset.STRICT.rules(Set.of()).stream().map(Rule::calls).toList();
        assertEquals(calls.size(), Set.copyOf(calls).size(), Arrays.toString(calls.toArray()));
    }
}
