package dev.caisson.program;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** What to do when a step's system call fails. */
public sealed interface OnFailure {

    /** End the launch: report the step and the error, and run the teardown. In the teardown: go on, and keep the record. */
    record Fail() implements OnFailure {}

    /** Go on as if the step had succeeded when the error is one of these; a result is then the negative error number. */
    record Tolerate(Set<Errno> errors) implements OnFailure {
        public Tolerate {
            errors = Set.copyOf(errors);
        }

        @Override
        public String toString() {
            return "tolerate "
                    + String.join(
                            ", ", new TreeSet<>(errors.stream().map(Errno::name).toList()));
        }
    }

    /**
     * Try again after a pause while the error is one of {@code errors}, then fail; errors in {@code tolerated} count as success. For
     * what the kernel finishes in the background, such as a cgroup whose last process is still leaving.
     */
    record Retry(Set<Errno> errors, int attempts, Duration pause, Set<Errno> tolerated) implements OnFailure {
        public Retry {
            errors = Set.copyOf(errors);
            tolerated = Set.copyOf(tolerated);
        }
    }

    /** Do another step instead, for any error: the way of an older kernel. */
    record Otherwise(Step alternative) implements OnFailure {}
}
