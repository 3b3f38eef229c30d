/** Isolation with chroot alone. */
@NullMarked
package dev.caisson.chroot;

import org.jspecify.annotations.NullMarked;
