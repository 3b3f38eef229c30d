package dev.caisson.engine.profile;

import dev.caisson.api.ContainerSpec;
import dev.caisson.api.ContainerSpec.Selection;
import dev.caisson.api.NetworkSpec;
import dev.caisson.api.ProcessSpec;
import dev.caisson.api.ProfileException;
import dev.caisson.api.RootfsSpec;
import dev.caisson.api.Timeouts;
import dev.caisson.engine.profile.ResourcesShape.Resources;
import dev.caisson.engine.profile.RootfsShape.Rootfs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A whole profile. */
final class ProfileShape {

    /** Of the file that this one changes; {@link Inheritance} takes it out before the rest is read. */
    static final Key<String> EXTENDS = Key.optional(
            "extends",
            ScalarShape.text("a path", "base.yaml"),
            "A profile that this one changes: mappings merge, lists and everything else replace, null takes back. Relative to this file.");

    static final Key<String> NAME = Key.optional(
            "name",
            ScalarShape.matching(
                    "a name of at most 40 lower case letters, digits and hyphens",
                    "hello-1",
                    "[a-z0-9][a-z0-9-]{0,39}"),
            "The container's name, from which its id derives: lower case letters, digits and hyphens. By default from the file's name.");
    private static final Key<String> HOSTNAME =
            Key.optional("hostname", NetworkShape.HOST_NAME, "The host name inside. By default the name.");
    private static final Key<List<Selection>> ISOLATORS = Key.optional(
            "isolators",
            new ListShape<>(SelectionShape.DEFINED, 0, "[namespaces, seccomp]"),
            "The isolators: names, with settings or without. By default namespaces and seccomp.");
    private static final Key<Rootfs> ROOTFS = Key.optional("rootfs", RootfsShape.SHAPE, "The root file system.");
    private static final Key<Resources> RESOURCES =
            Key.optional("resources", ResourcesShape.SHAPE, "Limits for the whole container.");
    private static final Key<ProcessSpec> PROCESS =
            Key.optional("process", ProcessShape.SHAPE, "The command and what it is given.");
    private static final Key<Timeouts> TIMEOUTS = Key.optional(
            "timeouts", TimeoutsShape.SHAPE, "How long things may take: a number and a unit, such as 500ms, 10s, 2m.");
    private static final Key<NetworkSpec> NETWORK =
            Key.optional("network", NetworkShape.SHAPE, "Names and name servers.");

    static final Struct<Profile> SHAPE = Struct.section(
            List.of(NAME, EXTENDS, HOSTNAME, ISOLATORS, ROOTFS, RESOURCES, PROCESS, TIMEOUTS, NETWORK),
            ProfileShape::read);

    private ProfileShape() {}

    /** Reads a tree; the name is that of the tree, or the given one. */
    static Profile read(Node.Mapping tree, String name) {
        Node.Entry own = tree.entries().get(NAME.name());
        boolean named = own != null && !own.value().isNull();
        Mark mark = tree.mark();
        return SHAPE.read(
                named
                        ? tree
                        : tree.with(NAME.name(), new Node.Entry(mark, TreeBuilder.node(name, mark.key(NAME.name())))));
    }

    private static Profile read(Fields fields) {
        if (fields.has(EXTENDS)) {
            throw fields.error(EXTENDS, "can only be written in a file; name the other profile instead");
        }
        String name = fields.get(NAME);
        Rootfs rootfs = fields.section(ROOTFS);
        Resources resources = fields.section(RESOURCES);
        ContainerSpec spec = new ContainerSpec(
                name,
                Objects.requireNonNullElse(fields.find(HOSTNAME), name),
                isolators(fields),
                new RootfsSpec(chosen(rootfs.provider(), "auto", fields), List.of(), rootfs.readonly()),
                chosen(resources.controller(), "auto", fields),
                resources.limits(),
                fields.section(PROCESS),
                fields.section(TIMEOUTS),
                fields.section(NETWORK));
        return new Profile(spec, rootfs.layers());
    }

    private static List<Selection> isolators(Fields fields) {
        List<Selection> isolators = fields.find(ISOLATORS);
        if (isolators == null) {
            return List.of(chosen(null, "namespaces", fields), chosen(null, "seccomp", fields));
        }
        Map<String, Selection> byName = new HashMap<>();
        for (Selection isolator : isolators) {
            if (byName.put(isolator.name(), isolator) != null) {
                throw new ProfileException(
                        isolator.where() + ": isolators: " + isolator.name() + " is there twice; remove one of them");
            }
        }
        return isolators;
    }

    /** What the profile chooses, or the default, which stands for the whole profile. */
    private static Selection chosen(@Nullable Selection written, String name, Fields fields) {
        return written == null
                ? new Selection(
                        name,
                        new NodeSettings(Node.Mapping.empty(fields.mark())),
                        fields.mark().toString())
                : written;
    }
}
