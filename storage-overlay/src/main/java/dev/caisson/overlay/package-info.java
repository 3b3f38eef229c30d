/** Root file systems as overlayfs mounts. */
@NullMarked
package dev.caisson.overlay;

import org.jspecify.annotations.NullMarked;
