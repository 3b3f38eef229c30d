package dev.caisson.seccomp;

/**
 * What happens with certain calls.
 *
 * @param calls the calls
 * @param action what happens with them
 */
public record Rule(CallPattern calls, Action action) {}
