package dev.caisson.namespaces;

import static dev.caisson.program.Argument.flags;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the time namespace of time_namespaces(7).
 *
 * <p>The monitor makes it for its children and stays outside itself: offsets can be set only while a time namespace has no process. So it
 * must not be among clone3's flags, which would make another one, without offsets.
 */
final class Time {

    private Time() {}

    static List<Step> steps(@Nullable ClockOffsets clocks) {
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of("make a time namespace for the child", Op.call("unshare", flags("CLONE_NEWTIME")))
                .hint(Errno.EINVAL, "this kernel has no time namespaces; leave out time")
                .hint(Errno.EPERM, "a time namespace needs root")
                .hint(Errno.ENOSPC, "raise the sysctl user.max_time_namespaces"));
        if (clocks != null) {
            steps.add(Step.write("/proc/self/timens_offsets", clocks.lines())
                    .hint(Errno.ERANGE, "a clock would be negative, or beyond 146 years; choose other offsets"));
        }
        return List.copyOf(steps);
    }
}
