/** System call filters. */
@NullMarked
package dev.caisson.seccomp;

import org.jspecify.annotations.NullMarked;
