/** Resource limits and accounting with cgroup v1. */
@NullMarked
package dev.caisson.cgroupv1;

import org.jspecify.annotations.NullMarked;
