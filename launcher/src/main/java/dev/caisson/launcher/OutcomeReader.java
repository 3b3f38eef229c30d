package dev.caisson.launcher;

import dev.caisson.launcher.Outcome.StepFailure;
import dev.caisson.launcher.assembly.OutcomeLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads what a monitor tells at its end. */
final class OutcomeReader {

    private OutcomeReader() {}

    static Outcome read(OutcomeLayout layout, ByteBuffer message) {
        ByteBuffer words = message.order(ByteOrder.LITTLE_ENDIAN);
        Map<String, String> collected = new HashMap<>();
        int place = 8 * OutcomeLayout.COLLECTED;
        for (String key : layout.keys()) {
            int length = (int) words.getLong(place);
            if (length >= 0) {
                byte[] text = new byte[length];
                words.get(place + 8, text);
                collected.put(key, new String(text, StandardCharsets.UTF_8));
            }
            place += OutcomeLayout.COLLECTED_SIZE;
        }
        int rusage = OutcomeLayout.RUSAGE;
        return new Outcome(
                (int) word(words, OutcomeLayout.STATUS),
                Outcome.Cause.of(word(words, OutcomeLayout.CAUSE)),
                failure(words, OutcomeLayout.FAILED_STEP),
                failure(words, OutcomeLayout.TEARDOWN_STEP),
                wall(words),
                seconds(words, rusage).plus(seconds(words, rusage + 2)),
                1024 * word(words, rusage + 4),
                collected);
    }

    /** Zero when there was no child, though the clock may have been read for one that could not be made. */
    private static Duration wall(ByteBuffer words) {
        return word(words, OutcomeLayout.STATUS) == OutcomeLayout.NO_STATUS
                ? Duration.ZERO
                : time(words, OutcomeLayout.END).minus(time(words, OutcomeLayout.START));
    }

    private static Optional<StepFailure> failure(ByteBuffer words, int index) {
        int step = (int) word(words, index);
        return step == 0 ? Optional.empty() : Optional.of(new StepFailure(step, (int) word(words, index + 1)));
    }

    /** A struct timespec. */
    private static Duration time(ByteBuffer words, int index) {
        return Duration.ofSeconds(word(words, index), word(words, index + 1));
    }

    /** A struct timeval. */
    private static Duration seconds(ByteBuffer words, int index) {
        return Duration.ofSeconds(word(words, index), 1000 * word(words, index + 1));
    }

    private static long word(ByteBuffer words, int index) {
        return words.getLong(8 * index);
    }
}
