/**
 * The assembler: a launch program becomes a small static ELF executable for x86-64 or aarch64.
 *
 * <p>{@link dev.caisson.launcher.assembly.Machine} is a processor reduced to what a launch needs: one accumulator, 64-bit words in
 * memory, system calls, branches. The routines that are more than a system call (supervising, the reaper, formatting a number) are
 * written once against it; its two subclasses encode the instructions. Speed of the code does not matter beside that of system calls, so
 * nothing is kept in registers and nothing is optimised.
 *
 * <p>Follows the System V ABI's ELF chapters, the kernel's system call conventions in syscall(2), and
 * Documentation/locking/robust-futexes.rst for the gate. It starts no process: that is the parent package.
 */
@NullMarked
package dev.caisson.launcher.assembly;

import org.jspecify.annotations.NullMarked;
