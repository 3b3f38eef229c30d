/**
 * Turns a launch program into a static ELF executable and starts it.
 *
 * <p>{@link dev.caisson.launcher.Launcher} puts the executable into a sealed memfd and spawns it as the container's monitor; {@link
 * dev.caisson.launcher.Launch} is that monitor as seen from here, over two sockets. This is the only package that makes system calls, which
 * goes through JNA: memfd_create(2), fcntl(2), socketpair(2), epoll(7), unix(7), and posix_spawn(3).
 *
 * <p>It does not know what a program is for, keeps no state on disk, and does nothing in the container: that is the program's.
 */
@NullMarked
package dev.caisson.launcher;

import org.jspecify.annotations.NullMarked;
