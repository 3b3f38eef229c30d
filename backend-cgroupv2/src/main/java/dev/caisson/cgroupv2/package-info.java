/**
 * Limits and accounts resources with cgroup version 2, where one hierarchy has all controllers, as cgroups(7) and the kernel's {@code
 * Documentation/admin-guide/cgroup-v2.rst} describe it.
 *
 * <p>{@link dev.caisson.cgroupv2.Cgroupv2} is the backend. The {@link dev.caisson.cgroupv2.Hierarchy} is where version 2 is mounted and
 * the group below which containers are made, a {@link dev.caisson.cgroupv2.Group} is a container's directory there, and there is one
 * class for each {@link dev.caisson.cgroupv2.Controller}. The version 1 backend has the same names for the same things.
 *
 * <p>A container's first process is made in its group by clone3(2) and never runs outside. A controller that is not enabled for groups
 * below the parent is enabled there by the first container that needs it, and stays so.
 *
 * <p>What it does not do: limit block I/O, huge pages and devices; delegate groups to a container, which cannot make any in its own; move
 * processes out of a parent that has some, which the kernel wants before it enables a controller.
 */
@NullMarked
package dev.caisson.cgroupv2;

import org.jspecify.annotations.NullMarked;
