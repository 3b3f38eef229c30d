package dev.caisson.engine.process;

import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.program.ProgramText;
import dev.caisson.program.Step;
import java.util.Arrays;
import java.util.List;

/** The steps of a contribution as explain prints them. */
final class Steps {

    private Steps() {}

    /** The child's steps of one phase. */
    static List<String> of(Contribution contribution, Phase phase) {
        return of(contribution.child().getOrDefault(phase, List.of()));
    }

    /** All of the child's steps, in the order of phases. */
    static List<String> of(Contribution contribution) {
        return Arrays.stream(Phase.values())
                .flatMap(phase -> of(contribution, phase).stream())
                .toList();
    }

    static List<String> of(List<Step> steps) {
        return steps.stream().map(ProgramText::of).toList();
    }
}
