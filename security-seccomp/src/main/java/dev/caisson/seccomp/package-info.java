/**
 * System call filters: which calls of the kernel a container may make, compiled to the kernel's filter language.
 *
 * <p>A {@link dev.caisson.seccomp.Policy} says what happens with every system call; {@link
 * dev.caisson.seccomp.FilterCompiler} makes a {@link dev.caisson.seccomp.Filter} of it, a program of classic BPF
 * instructions, as seccomp(2) and the kernel's {@code Documentation/userspace-api/seccomp_filter.rst} describe them.
 * Policies come from presets, which are text files beside these classes ({@code default.preset}, {@code
 * strict.preset}, {@code none.preset}), and from what a profile adds to them. All of this is values; {@link
 * dev.caisson.seccomp.SeccompIsolator} puts the finished filter into the launch program.
 *
 * <p>A filter sees a call's number and its six argument registers, and nothing in memory: no path, no address, no
 * flags in a structure. It covers the native calls of the architecture only; 32-bit programs on a 64-bit kernel are
 * ended. Filters that ask a supervisor (SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRACE) are not made here.
 */
@NullMarked
package dev.caisson.seccomp;

import org.jspecify.annotations.NullMarked;
