package dev.caisson.api;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param wall the whole container, by the clock on the wall; zero for no limit
 * @param cpu the processor time of all its processes together; zero for no limit
 * @param grace from a request to end until it is killed
 */
public record Timeouts(Duration wall, Duration cpu, Duration grace) {}
