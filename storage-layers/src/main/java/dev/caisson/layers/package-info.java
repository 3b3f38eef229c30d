/**
 * What the root file system providers have in common: layers and where they lie on disk.
 *
 * <p>A {@link dev.caisson.layers.Layer} is what a profile names; {@link dev.caisson.layers.LayerStore} says which directory it is, and
 * makes it if need be. A layer of the host's programs is found out as the dynamic loader would at run time: ld.so(8), elf(5), and the
 * cache that ldconfig(8) writes; none of these is run, and no file of the host is executed. {@link dev.caisson.layers.Trash} deletes
 * what containers leave.
 *
 * <p>It does not look inside programs for what they open by themselves: plug-ins, terminal descriptions, locales, interpreters'
 * libraries.
 */
@NullMarked
package dev.caisson.layers;

import org.jspecify.annotations.NullMarked;
