/**
 * Limits and accounts resources with cgroup version 1, where each controller may have a hierarchy of its own; for legacy and hybrid
 * hosts, as cgroups(7) and the kernel's {@code Documentation/admin-guide/cgroup-v1} describe them.
 *
 * <p>{@link dev.caisson.cgroupv1.Cgroupv1} is the backend. A {@link dev.caisson.cgroupv1.Hierarchy} is where some controllers are
 * mounted, a {@link dev.caisson.cgroupv1.Group} is a container's directory in one, and there is one class for each {@link
 * dev.caisson.cgroupv1.Controller}. The version 2 backend has the same names for the same things.
 *
 * <p>A container gets groups only in the hierarchies that it needs, as each costs a start 25 to 50 µs. It joins them by its first
 * instructions, through descriptors of {@code tasks}: writing to {@code cgroup.procs} waits for a grace period of the kernel, which may
 * take milliseconds.
 *
 * <p>What it does not do: limit device access and block I/O; limit kernel memory by itself; undelegate anything; remove groups that a
 * container with CAP_SYS_ADMIN has made within its own; protect from a container that has CAP_SYS_ADMIN and no cgroup namespace, which
 * can mount the hierarchies and leave its groups.
 */
@NullMarked
package dev.caisson.cgroupv1;

import org.jspecify.annotations.NullMarked;
