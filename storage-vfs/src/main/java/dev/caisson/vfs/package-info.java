/** Root file systems as plain copies. */
@NullMarked
package dev.caisson.vfs;

import org.jspecify.annotations.NullMarked;
