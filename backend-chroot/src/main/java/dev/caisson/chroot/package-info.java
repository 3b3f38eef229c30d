/**
 * Isolation the 1979 way: the isolator {@code chroot}, with chroot(2) and six device nodes.
 *
 * <p>It works where nothing else does, without a mount namespace, on a root file system that is a plain directory. It confines which files
 * a process that is not root can name, and nothing else: chroot(2) itself lists the ways out. What it does not protect against is said by
 * its probe, in {@link dev.caisson.chroot.ChrootIsolator}.
 */
@NullMarked
package dev.caisson.chroot;

import org.jspecify.annotations.NullMarked;
