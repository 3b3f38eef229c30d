/** The {@code caisson} command. */
@NullMarked
package dev.caisson.cli;

import org.jspecify.annotations.NullMarked;
