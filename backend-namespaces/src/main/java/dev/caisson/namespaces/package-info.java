/** Isolation with Linux namespaces. */
@NullMarked
package dev.caisson.namespaces;

import org.jspecify.annotations.NullMarked;
