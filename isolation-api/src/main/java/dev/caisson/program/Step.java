package dev.caisson.program;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One step of a launch program: an operation, what it is for in words, and what happens when it fails.
 *
 * @param description what the step does, for people, in the imperative: "mount proc on /proc"
 * @param op the operation
 * @param onFailure what to do when it fails
 * @param result the name under which later steps find what the call returned, or null
 * @param hints what would help, by error
 */
public record Step(
        String description,
        Op op,
        OnFailure onFailure,
        @Nullable String result,
        Map<Errno, String> hints) {

    public Step {
        hints = Map.copyOf(hints);
        if (description.isBlank()) {
            throw new IllegalArgumentException("a step needs a description");
        }
    }

    /** A step that ends the launch when it fails. */
    public static Step of(String description, Op op) {
        return new Step(description, op, new OnFailure.Fail(), null, Map.of());
    }

    /** A step that writes a text to a file of the kernel. */
    public static Step write(String path, String content) {
        return of("write " + content + " to " + path, new Op.WriteFile(new Argument.Text(path), content));
    }

    /** A step that makes sure that a file of the kernel says what was written to it. */
    public static Step expect(String path, String content) {
        return of("check that " + path + " says " + content, new Op.ExpectFile(path, content));
    }

    /** The same step, going on when one of these errors happens. */
    public Step tolerating(Errno... errors) {
        return with(new OnFailure.Tolerate(Set.of(errors)));
    }

    /** The same step, tried again on an error: up to {@code attempts} times with a pause between. */
    public Step retrying(Errno error, int attempts, Duration pause, Errno... tolerated) {
        return with(new OnFailure.Retry(Set.of(error), attempts, pause, Set.of(tolerated)));
    }

    /** The same step with another to do instead when it fails. */
    public Step orElse(Step alternative) {
        return with(new OnFailure.Otherwise(alternative));
    }

    /** The same step with a failure policy. */
    public Step with(OnFailure policy) {
        return new Step(description, op, policy, result, hints);
    }

    /** The same step with its result kept under a name. */
    public Step naming(String name) {
        return new Step(description, op, onFailure, name, hints);
    }

    /** The same step with a hint for people when it fails with this error. */
    public Step hint(Errno errno, String help) {
        Map<Errno, String> all = new EnumMap<>(Errno.class);
        all.putAll(hints);
        all.put(errno, help);
        return new Step(description, op, onFailure, result, all);
    }
}
