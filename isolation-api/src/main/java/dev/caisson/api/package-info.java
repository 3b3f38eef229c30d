/**
 * What a backend implements and what it is given: the three SPIs {@link dev.caisson.api.Isolator}, {@link
 * dev.caisson.api.ResourceController} and {@link dev.caisson.api.RootfsProvider}, and the container spec.
 *
 * <p>The words. A <em>backend</em> is one of the three, found with {@link java.util.ServiceLoader} under its interface. A
 * <em>profile</em> is what a user writes; the engine makes a {@link dev.caisson.api.ContainerSpec} of it. A <em>site</em> is one
 * container's names and places on the host, all derived from its id. A <em>contribution</em> is what a backend adds to a container's
 * launch program: steps, as values. A <em>probe</em> asks a backend whether it would work on a host; a <em>finding</em> is its answer
 * in words, with a remedy.
 *
 * <p>Backends are stateless and know no other backend; what one must know of another is a {@link dev.caisson.api.Feature} that the
 * other offers. A backend's order among others comes from {@link dev.caisson.api.Phase}, never from a priority.
 */
@NullMarked
package dev.caisson.api;

import org.jspecify.annotations.NullMarked;
