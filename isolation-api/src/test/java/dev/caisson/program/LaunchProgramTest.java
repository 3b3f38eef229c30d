package dev.caisson.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.program.LaunchProgram.Line;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaunchProgramTest {

    private static final Line CLONE = line(Section.SETUP, Step.of("clone", new Op.Clone(Set.of(), Optional.empty())));

    private static final Line MAP = line(
            Section.AFTER_CLONE,
            Step.of("map", new Op.WriteFile(Argument.formatted("/proc/", Op.Clone.PID, "/uid_map"), "0 0 1")));

    @Test
    void aResultIsThereOnlyAfterItsStep() {
        new LaunchProgram(List.of(CLONE, MAP));
        assertThrows(IllegalArgumentException.class, () -> new LaunchProgram(List.of(MAP)));
    }

    @Test
    void aFaultCanBePlantedInEveryStep() {
        LaunchProgram program = new LaunchProgram(List.of(CLONE, MAP));
        for (int number = 1; number <= program.size(); number++) {
            Op fault = program.withFault(number, Errno.EIO).line(number).step().op();
            assertEquals(new Op.Fault(program.line(number).step().op(), Errno.EIO), fault);
        }
    }

    private static Line line(Section section, Step step) {
        return new Line(section, "test", step);
    }
}
