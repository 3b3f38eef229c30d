/**
 * What a user writes, read strictly into what the engine starts: a YAML file, the files that it extends, and {@code --set}
 * overrides become a {@link dev.caisson.engine.profile.Profile}.
 *
 * <p>The way of a profile. {@link dev.caisson.engine.profile.Yaml} makes a tree of nodes that know where they were written. {@link
 * dev.caisson.engine.profile.Merge} lays one tree over another. A {@link dev.caisson.engine.profile.Shape} says how a value is written
 * and reads it; the shapes of the sections ({@code ProcessShape}, {@code ResourcesShape}, ...) hold the table of keys from which the
 * strict reading, the suggestions in errors and the published JSON Schema all come. {@link
 * dev.caisson.engine.profile.ProfileBuilder} makes the same tree in code.
 *
 * <p>Every error is a {@link dev.caisson.api.ProfileException} of one line, {@code file:line:column: key: problem; remedy}.
 *
 * <p>The YAML is that of <a href="https://yaml.org/spec/1.2.2/">YAML 1.2</a> without anchors, aliases and tags. What this package does
 * not do: find out whether a named backend exists, bind its settings before it asks, or make layers.
 */
@NullMarked
package dev.caisson.engine.profile;

import org.jspecify.annotations.NullMarked;
