package dev.caisson.engine.profile;

import dev.caisson.api.Timeouts;
import java.time.Duration;
import java.util.List;

/** The section {@code timeouts}. */
final class TimeoutsShape {

    private static final Key<Duration> WALL = Key.optional(
            "wall",
            ScalarShape.duration(false),
            "How long the container may run, by the clock on the wall; then it is killed. Not limited by default.");
    private static final Key<Duration> CPU = Key.optional(
            "cpu",
            ScalarShape.duration(false),
            "How much processor time all its processes may use together; then it is killed. Not limited by default.");
    private static final Key<Duration> GRACE = Key.of(
            "grace",
            ScalarShape.duration(true),
            Duration.ofSeconds(10),
            "10s",
            "How long the command may take to end when it is asked to; then it is killed.");

    static final Struct<Timeouts> SHAPE = Struct.section(List.of(WALL, CPU, GRACE), TimeoutsShape::read);

    private TimeoutsShape() {}

    private static Timeouts read(Fields fields) {
        Duration wall = fields.find(WALL);
        Duration cpu = fields.find(CPU);
        return new Timeouts(wall == null ? Duration.ZERO : wall, cpu == null ? Duration.ZERO : cpu, fields.get(GRACE));
    }
}
