/**
 * Isolation with Linux namespaces: the isolator {@code namespaces}.
 *
 * <p>{@link dev.caisson.namespaces.NamespaceIsolator} puts together what the other files contribute, one file for each facility of the
 * kernel: the namespaces of namespaces(7), the file systems that programs expect on {@code /proc}, {@code /sys} and {@code /dev}, the
 * hiding of what a container should not see there, and pivot_root(2). Each is a pure function from settings to steps.
 *
 * <p>The order follows mount_namespaces(7) and user_namespaces(7): everything is mounted below the new root while the old one is still
 * there, since the kernel lets a user namespace mount proc only where it sees a complete proc already.
 *
 * <p>What it does not do: it brings no root file system, sets no limits, and connects no network beyond loopback. User namespaces are
 * made by a privileged caller; starting without root is not supported yet.
 */
@NullMarked
package dev.caisson.namespaces;

import org.jspecify.annotations.NullMarked;
