package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Capability;
import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import dev.caisson.seccomp.FilterInterpreter.Call;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FilterCompilerTest {

    private static final Action EPERM = Action.errno(Errno.EPERM);
    private static final Action ENOSYS = Action.errno(Errno.ENOSYS);

    /** Numbers of every kind: known, gaps, just beyond, of x32, and such as only a debugger or an attacker uses. */
    private static final List<Integer> NUMBERS = Stream.concat(
                    IntStream.rangeClosed(0, 600).boxed(),
                    Stream.of(
                            0x3fff_ffff,
                            0x4000_0000,
                            0x4000_0001,
                            0x4000_0000 + 59,
                            0x4000_0000 + 520,
                            Integer.MAX_VALUE,
                            Integer.MIN_VALUE,
                            -2,
                            -1))
            .toList();

    @ParameterizedTest
    @CsvSource({
        "DEFAULT, X86_64",
        "DEFAULT, AARCH64",
        "STRICT, X86_64",
        "STRICT, AARCH64",
        "NONE, X86_64",
        "NONE, AARCH64"
    })
    void presetsDoWhatTheySay(Preset preset, Architecture architecture) {
        for (Set<Capability> capabilities : List.of(
                Set.<Capability>of(),
                Capability.DOCKER_DEFAULT,
                Set.of(Capability.SYS_ADMIN),
                Set.of(Capability.values()))) {
            Policy policy = Policy.of(preset.otherwise(), preset.rules(capabilities));
            assertDoesWhatItSays(policy, architecture, new Random(1));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Architecture.class,
            names = {"X86_64", "AARCH64"})
    void randomPoliciesDoWhatTheySay(Architecture architecture) {
        Random random = new Random(20240229);
        RandomPolicies policies = new RandomPolicies(random, architecture);
        for (int i = 0; i < 300; i++) {
            assertDoesWhatItSays(policies.next(), architecture, random);
        }
    }

    @Test
    void farJumpsArrive() {
        // Every call gets conditions of its own, so that the filter is far longer than a comparison can jump.
        List<Rule> rules = new ArrayList<>();
        Architecture.X86_64.numbers().forEach((name, number) -> {
            rules.add(rule(name, List.of(new Condition(0, -1, Operator.EQ, 1000L + number)), Action.ALLOW));
            rules.add(rule(name, List.of(new Condition(1, 0xff, Operator.GT, number & 0x7f)), Action.LOG));
        });
        Policy policy = Policy.of(EPERM, rules);

        assertTrue(FilterCompiler.compile(policy, Architecture.X86_64).size() > 2000);
        assertDoesWhatItSays(policy, Architecture.X86_64, new Random(2));
    }

    @Test
    void aFilterThatTheKernelWouldNotTakeIsRefused() {
        List<Rule> rules = new ArrayList<>();
        for (int value = 0; value < 3000; value++) {
            rules.add(rule("read", List.of(new Condition(0, -1, Operator.EQ, (1L << 40) + 7L * value)), Action.ALLOW));
        }
        Policy policy = Policy.of(EPERM, rules);

        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> FilterCompiler.compile(policy, Architecture.X86_64));
        assertTrue(refusal.toString().contains("the kernel takes 1 to 4096"), refusal.toString());
    }

    @Test
    void callsOfOtherAbisAreRefused() {
        Filter filter = FilterCompiler.compile(Policy.of(EPERM, List.of()), Architecture.X86_64);

        assertAll(
                () -> assertEquals(
                        Action.KILL_PROCESS,
                        FilterInterpreter.run(filter, Call.of(Architecture.I386, "getpid"))
                                .action()),
                () -> assertEquals(
                        ENOSYS,
                        FilterInterpreter.run(filter, Call.of(Architecture.X86_64, 0x4000_0000 + 39))
                                .action()),
                () -> assertEquals(
                        ENOSYS,
                        FilterInterpreter.run(filter, Call.of(Architecture.X86_64, 470))
                                .action()));
    }

    @Test
    void aCallWithNumbersThatNobodyKnowsIsAllowedWhereEverythingIs() {
        Filter filter = FilterCompiler.compile(
                Policy.of(Action.ALLOW, List.of(rule("ptrace", List.of(), EPERM))), Architecture.X86_64);

        assertEquals(
                Action.ALLOW,
                FilterInterpreter.run(filter, Call.of(Architecture.X86_64, 9999))
                        .action());
    }

    @Test
    void callsWithEqualRulesShareTheirCode() {
        List<Condition> conditions = List.of(new Condition(0, -1, Operator.LT, 0x1_2345_6789L));
        Policy one = Policy.of(EPERM, List.of(rule("read", conditions, Action.ALLOW)));
        Policy two = Policy.of(
                EPERM, List.of(rule("read", conditions, Action.ALLOW), rule("reboot", conditions, Action.ALLOW)));

        int more = FilterCompiler.compile(two, Architecture.X86_64).size()
                - FilterCompiler.compile(one, Architecture.X86_64).size();
        assertTrue(more <= 2, more + " instructions more");
    }

    @Test
    void aWordIsLoadedOnceForComparisonsThatFollowEachOther() {
        List<Rule> rules = new ArrayList<>();
        for (long value = 0; value < 10; value++) {
            rules.add(rule(
                    "personality", List.of(new Condition(0, Condition.INT, Operator.EQ, 2 * value)), Action.ALLOW));
        }
        Filter filter = FilterCompiler.compile(Policy.of(EPERM, rules), Architecture.X86_64);

        assertEquals(
                1,
                filter.instructions().stream()
                        .filter(instruction ->
                                instruction.code() == Instruction.LOAD && instruction.k() == SeccompData.low(0))
                        .count());
    }

    @ParameterizedTest
    @CsvSource({"DEFAULT, 100, 20", "STRICT, 125, 24"})
    void presetsAreShort(Preset preset, int size, int longest) {
        for (Architecture architecture : List.of(Architecture.X86_64, Architecture.AARCH64)) {
            Filter filter = FilterCompiler.compile(
                    Policy.of(preset.otherwise(), preset.rules(Capability.DOCKER_DEFAULT)), architecture);
            int executed = NUMBERS.stream()
                    .mapToInt(number -> FilterInterpreter.run(filter, Call.of(architecture, number, -1L, -1L, -1L))
                            .executed())
                    .max()
                    .orElseThrow();
            assertTrue(filter.size() <= size, filter.size() + " instructions for " + architecture);
            assertTrue(executed <= longest, executed + " instructions executed on " + architecture);
        }
    }

    private static Rule rule(String syscall, List<Condition> conditions, Action action) {
        return new Rule(new CallPattern(syscall, conditions), action);
    }

    private static void assertDoesWhatItSays(Policy policy, Architecture architecture, Random random) {
        Filter filter = FilterCompiler.compile(policy, architecture);
        assertKernelWouldTake(filter);
        PolicyReader reader = new PolicyReader(policy, architecture);
        RandomArguments arguments = new RandomArguments(random, policy);
        List<Call> calls = new ArrayList<>();
        for (int number : NUMBERS) {
            for (int i = 0; i < 8; i++) {
                calls.add(Call.of(architecture, number, arguments.next()));
            }
        }
        for (Architecture foreign : Architecture.values()) {
            calls.add(Call.of(foreign, 1, arguments.next()));
        }
        for (Call call : calls) {
            assertEquals(
                    reader.decide(call),
                    FilterInterpreter.run(filter, call).action(),
                    () -> call + "\n" + policy + "\n" + String.join("\n", Disassembler.lines(filter, architecture)));
        }
    }

    /** What the kernel checks, and beyond it that no instruction is unreachable. */
    private static void assertKernelWouldTake(Filter filter) {
        List<Instruction> instructions = filter.instructions();
        assertTrue(instructions.size() <= 4096);
        BitSet reached = new BitSet();
        reached.set(0);
        for (int i = 0; i < instructions.size(); i++) {
            assertTrue(reached.get(i), "instruction " + i + " is never executed");
            Instruction instruction = instructions.get(i);
            switch (instruction.code()) {
                case Instruction.RETURN -> {}
                case Instruction.LOAD, Instruction.AND -> reached.set(i + 1);
                case Instruction.JUMP -> reached.set(i + 1 + instruction.k());
                default -> {
                    reached.set(i + 1 + instruction.jt());
                    reached.set(i + 1 + instruction.jf());
                }
            }
        }
        assertEquals(instructions.size(), reached.length(), "a jump leads out of the filter");
    }
}
