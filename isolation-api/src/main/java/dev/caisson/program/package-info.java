/**
 * The launch program: a container start written down as system calls before it happens.
 *
 * <p>Everything here is a value: nothing opens a file, calls the kernel or needs a privilege. A {@link
 * dev.caisson.program.LaunchProgram} consists of {@link dev.caisson.program.Step}s in four sections; each step performs one
 * {@link dev.caisson.program.Op}, nearly always a system call by name. The launcher module turns a program into machine code,
 * the command line prints it, and recovery reads its teardown back from disk.
 *
 * <p>System calls and their arguments are those of the section 2 manual pages. Names and flags are symbolic, since their
 * numbers differ between architectures.
 */
@NullMarked
package dev.caisson.program;

import org.jspecify.annotations.NullMarked;
