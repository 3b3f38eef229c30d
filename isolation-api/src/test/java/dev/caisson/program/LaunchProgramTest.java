package dev.caisson.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.program.LaunchProgram.Line;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LaunchProgramTest {

    private static final Line CLONE = line(Section.SETUP, Step.of("clone", new Op.Clone(Set.of(), Optional.empty())));

    private static final Line MAP = line(
            Section.AFTER_CLONE,
            Step.of("map", new Op.WriteFile(Argument.formatted("/proc/", Op.Clone.PID, "/uid_map"), "0 0 1")));

    @Test
    void aResultIsThereOnlyAfterItsStep() {
        new LaunchProgram(List.of(CLONE, MAP));
        assertRefused("map\" uses the result \"child pid\", which no step before it returns", MAP);
    }

    @ParameterizedTest
    @EnumSource(
            value = Section.class,
            names = {"SETUP", "AFTER_CLONE"})
    void theChildSeesWhatTheMonitorFoundOut(Section section) {
        LaunchProgram program = new LaunchProgram(List.of(open(section, "file"), close(Section.CHILD, "file")));
        assertEquals(2, program.size());
    }

    @ParameterizedTest
    @EnumSource(
            value = Section.class,
            names = {"SETUP", "AFTER_CLONE", "CHILD"})
    void aTeardownSeesNothingOfWhatWasBefore(Section section) {
        assertRefused("close file\" uses the result \"file\"", open(section, "file"), close(Section.TEARDOWN, "file"));
    }

    @Test
    void aTeardownSeesItsOwnResults() {
        new LaunchProgram(List.of(open(Section.TEARDOWN, "file"), close(Section.TEARDOWN, "file")));
    }

    @Test
    void aTeardownMayUseANameThatTheLaunchHadUsed() {
        new LaunchProgram(
                List.of(open(Section.SETUP, "file"), open(Section.TEARDOWN, "file"), close(Section.TEARDOWN, "file")));
    }

    @Test
    void aResultIsLookedForInEveryPlaceOfAnOperation() {
        Argument missing = Argument.result("missing");
        for (Op op : List.of(
                Op.call("close", missing),
                Op.call("capset", Argument.block(Argument.number(0), Argument.block(missing))),
                Op.call("chdir", Argument.formatted("/proc/self/fd/", "missing", "")),
                new Op.WriteFile(Argument.formatted("/proc/", "missing", "/uid_map"), "0 0 1"),
                new Op.Clone(Set.of(), Optional.of(new Argument.Result("missing"))))) {
            assertRefused("uses the result \"missing\"", line(Section.SETUP, Step.of("try", op)));
        }
    }

    @Test
    void aResultIsLookedForInTheAlternativeToo() {
        Step alternative = Step.of("close", Op.call("close", Argument.result("missing")));
        assertRefused(
                "uses the result \"missing\"",
                line(
                        Section.SETUP,
                        Step.of("chdir", Op.call("chdir", Argument.text("/"))).orElse(alternative)));
    }

    @Test
    void noTwoStepsReturnTheSameResult() {
        assertRefused(
                "returns the result \"file\", which another step returns already",
                open(Section.SETUP, "file"),
                open(Section.CHILD, "file"));
    }

    @Test
    void sectionsComeInTheirOrder() {
        assertRefused(
                "section SETUP cannot come after CHILD", open(Section.CHILD, "file"), open(Section.SETUP, "other"));
    }

    @Test
    void stepsAreCountedFromOneThroughAllSections() {
        LaunchProgram program = new LaunchProgram(List.of(CLONE, MAP, open(Section.CHILD, "file")));
        assertEquals(CLONE, program.line(1));
        assertEquals(MAP, program.line(2));
        assertEquals(List.of(open(Section.CHILD, "file")), program.section(Section.CHILD));
        assertEquals(List.of(), program.section(Section.TEARDOWN));
    }

    @Test
    void theTeardownAloneIsAProgram() {
        Line drop = line(Section.TEARDOWN, Step.of("drop", new Op.DropRecord("/run/x.json")));
        LaunchProgram program = new LaunchProgram(List.of(CLONE, MAP, drop));
        assertEquals(new LaunchProgram(List.of(drop)), program.teardownOnly());
        assertEquals(program.teardownOnly(), program.teardownOnly().teardownOnly());
    }

    @Test
    void aFaultCanBePlantedInEveryStep() {
        LaunchProgram program = new LaunchProgram(List.of(CLONE, MAP));
        for (int number = 1; number <= program.size(); number++) {
            LaunchProgram broken = program.withFault(number, Errno.EIO);
            assertEquals(
                    new Op.Fault(program.line(number).step().op(), Errno.EIO),
                    broken.line(number).step().op());
            assertEquals(
                    program.line(number).step().description(),
                    broken.line(number).step().description());
            assertEquals(program.size(), broken.size());
        }
    }

    @Test
    void aFaultIsStillTolerated() {
        Step step = Step.of("mkdir", Op.call("mkdirat")).tolerating(Errno.EEXIST);
        LaunchProgram program = new LaunchProgram(List.of(line(Section.CHILD, step))).withFault(1, Errno.EEXIST);
        assertEquals(step.onFailure(), program.line(1).step().onFailure());
    }

    @Test
    void aFaultIsNotHealedByAnAlternative() {
        Step step = Step.of("new way", Op.call("chdir")).orElse(Step.of("old way", Op.call("fchdir")));
        LaunchProgram program = new LaunchProgram(List.of(line(Section.CHILD, step))).withFault(1, Errno.ENOSYS);
        assertEquals(new OnFailure.Fail(), program.line(1).step().onFailure());
    }

    @Test
    void programsAreComparedByValue() {
        LaunchProgram one = new LaunchProgram(List.of(CLONE, MAP));
        assertEquals(one, new LaunchProgram(List.of(CLONE, MAP)));
        assertEquals(one.hashCode(), new LaunchProgram(List.of(CLONE, MAP)).hashCode());
    }

    private static void assertRefused(String message, Line... lines) {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> new LaunchProgram(List.of(lines)));
        String found = String.valueOf(refused.getMessage());
        assertTrue(found.contains(message), found);
    }

    private static Line open(Section section, String result) {
        Op op = Op.call(
                "openat", Argument.CWD, Argument.text("/x"), Argument.flags("O_RDONLY", "O_CLOEXEC"), Argument.mode(0));
        return line(section, Step.of("open " + result, op).naming(result));
    }

    private static Line close(Section section, String result) {
        return line(section, Step.of("close " + result, Op.call("close", Argument.result(result))));
    }

    private static Line line(Section section, Step step) {
        return new Line(section, "test", step);
    }
}
