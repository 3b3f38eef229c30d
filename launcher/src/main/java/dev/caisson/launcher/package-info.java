/** Turns a launch program into a static ELF executable and starts it. */
@NullMarked
package dev.caisson.launcher;

import org.jspecify.annotations.NullMarked;
