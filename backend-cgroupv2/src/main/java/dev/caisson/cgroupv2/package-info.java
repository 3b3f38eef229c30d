/** Resource limits and accounting with cgroup v2. */
@NullMarked
package dev.caisson.cgroupv2;

import org.jspecify.annotations.NullMarked;
