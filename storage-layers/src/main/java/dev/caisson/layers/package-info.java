/** What the root file system providers have in common: layers and where they lie on disk. */
@NullMarked
package dev.caisson.layers;

import org.jspecify.annotations.NullMarked;
