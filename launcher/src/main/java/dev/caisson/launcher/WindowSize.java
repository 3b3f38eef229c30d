package dev.caisson.launcher;

/** How many characters a terminal's window has, as in ioctl_tty(2); at most 65535 each way. */
public record WindowSize(int rows, int columns) {}
