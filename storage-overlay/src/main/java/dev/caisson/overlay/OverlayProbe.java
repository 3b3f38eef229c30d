package dev.caisson.overlay;

import static dev.caisson.program.Argument.NULL;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Namespace;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tries out whether an overlay can be mounted here, in a mount namespace that ends with the attempt. */
final class OverlayProbe {

    private OverlayProbe() {}

    static List<Finding> findings(Host host) {
        if (!host.privileged()) {
            return List.of(Finding.blocker(
                    "mounting needs root, and doing it without root in a user namespace is not supported yet",
                    "start it as root"));
        }
        return host.attempt(program()).map(failure -> List.of(finding(failure))).orElse(List.of());
    }

    private static LaunchProgram program() {
        List<Line> lines = new ArrayList<>();
        add(lines, Section.SETUP, Step.of("go to a directory", Op.call("chdir", text("/"))));
        add(
                lines,
                Section.SETUP,
                Step.of(
                        "start the child in a mount namespace",
                        new Op.Clone(Set.of(Namespace.MOUNT), Optional.empty())));
        add(
                lines,
                Section.CHILD,
                Step.of(
                        "make every mount private",
                        Op.call("mount", NULL, text("/"), NULL, flags("MS_REC", "MS_PRIVATE"), NULL)));
        OverlayMount.scratch(1 << 20, 64).forEach(step -> add(lines, Section.CHILD, step));
        for (String name : List.of("1", "upper", "work", "root")) {
            add(lines, Section.CHILD, OverlayMount.directory(name));
        }
        add(lines, Section.CHILD, OverlayMount.overlay(1, "", false));
        return new LaunchProgram(lines);
    }

    private static void add(List<Line> lines, Section section, Step step) {
        lines.add(new Line(section, "overlay", step));
    }

    private static Finding finding(Host.Failure failure) {
        Errno errno = Errno.of(failure.errno()).orElse(Errno.EINVAL);
        return Finding.blocker(
                failure.toString(),
                failure.line().step().hints().getOrDefault(errno, "use the provider vfs, which only copies"));
    }
}
