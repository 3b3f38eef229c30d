/** From a profile to a running container; knows no backend. */
@NullMarked
package dev.caisson.engine;

import org.jspecify.annotations.NullMarked;
