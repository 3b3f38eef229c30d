package dev.caisson.engine.profile;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The section {@code process.capabilities}: what differs from Docker's default set, or five explicit sets.
 *
 * <p>{@code ALL} is every capability that this version knows. As with Docker, {@code drop: [ALL]} leaves what {@code add} names, and
 * {@code add: [ALL]} everything but what {@code drop} names. Of explicit sets, one that is not mentioned is empty, as in the OCI runtime
 * specification.
 */
final class CapabilitiesShape {

    private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);

    static final Defined<Set<Capability>> NAME = new Defined<>("capability", new Name());

    private static final Shape<Set<Capability>> LIST =
            new Converted<>(new ListShape<>(NAME, 0, "[NET_ADMIN, SYS_TIME]"), CapabilitiesShape::union);

    private static final Key<Set<Capability>> ADD =
            set("add", "Capabilities beyond Docker's default set; ALL for all.");
    private static final Key<Set<Capability>> DROP =
            set("drop", "Capabilities of Docker's default set that it does not get; ALL for all but those in add.");
    private static final Key<Set<Capability>> BOUNDING =
            set("bounding", "Explicit sets, instead of add and drop: what can ever be gained.");
    private static final Key<Set<Capability>> EFFECTIVE =
            set("effective", "Explicit: what counts; a user other than root keeps only what is ambient too.");
    private static final Key<Set<Capability>> PERMITTED = set("permitted", "Explicit: what may be made effective.");
    private static final Key<Set<Capability>> INHERITABLE = Key.optional(
            "inheritable", LIST, "Explicit: always the same as ambient, which is all that may be written here.");
    private static final Key<Set<Capability>> AMBIENT =
            set("ambient", "Explicit: what ordinary programs keep when a user other than root executes them.");

    private static final List<Key<?>> RELATIVE = List.of(ADD, DROP);
    private static final List<Key<?>> EXPLICIT = List.of(BOUNDING, EFFECTIVE, PERMITTED, INHERITABLE, AMBIENT);

    static final Struct<CapabilitySets> SHAPE = Struct.section(
            List.of(ADD, DROP, BOUNDING, EFFECTIVE, PERMITTED, INHERITABLE, AMBIENT), CapabilitiesShape::read);

    private CapabilitiesShape() {}

    private static Key<Set<Capability>> set(String name, String description) {
        return Key.of(name, LIST, Set.of(), List.of(), description);
    }

    private static Set<Capability> union(List<Set<Capability>> sets) {
        return sets.stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
    }

    private static CapabilitySets read(Fields fields) {
        boolean explicit = EXPLICIT.stream().anyMatch(fields::has);
        for (Key<?> relative : RELATIVE) {
            if (explicit && fields.has(relative)) {
                throw fields.error(
                        relative, "add and drop do not go together with explicit sets; write one or the other");
            }
        }
        return explicit ? explicit(fields) : relative(fields);
    }

    private static CapabilitySets relative(Fields fields) {
        Set<Capability> add = fields.get(ADD);
        Set<Capability> drop = fields.get(DROP);
        Set<Capability> set = EnumSet.noneOf(Capability.class);
        if (drop.equals(ALL)) {
            if (add.equals(ALL)) {
                throw fields.error(DROP, "ALL is both added and dropped; keep one of the two");
            }
            set.addAll(add);
        } else if (add.equals(ALL)) {
            set.addAll(ALL);
            set.removeAll(drop);
        } else {
            Set<Capability> both = minus(add, minus(add, drop));
            if (!both.isEmpty()) {
                throw fields.error(DROP, names(both) + " is both added and dropped; keep one of the two");
            }
            set.addAll(Capability.DOCKER_DEFAULT);
            set.addAll(add);
            set.removeAll(drop);
        }
        return CapabilitySets.of(set, Set.of());
    }

    private static CapabilitySets explicit(Fields fields) {
        Set<Capability> bounding = fields.get(BOUNDING);
        Set<Capability> permitted = fields.get(PERMITTED);
        Set<Capability> ambient = fields.get(AMBIENT);
        requireWithin(fields, EFFECTIVE, PERMITTED, "the kernel lets only what is permitted be effective");
        requireWithin(fields, AMBIENT, PERMITTED, "the kernel lets only what is permitted be ambient");
        requireWithin(fields, PERMITTED, BOUNDING, "execve takes away what is not in the bounding set");
        Set<Capability> inheritable = fields.find(INHERITABLE);
        if (inheritable != null && !inheritable.equals(ambient)) {
            throw fields.error(
                    INHERITABLE,
                    "differs from ambient, which would only help programs with file capabilities to more than they were given"
                            + " (CVE-2022-29162); leave inheritable out");
        }
        return new CapabilitySets(bounding, fields.get(EFFECTIVE), permitted, ambient);
    }

    private static void requireWithin(
            Fields fields, Key<Set<Capability>> part, Key<Set<Capability>> whole, String why) {
        Set<Capability> extra = minus(fields.get(part), fields.get(whole));
        if (!extra.isEmpty()) {
            throw fields.error(
                    part, names(extra) + " is not in " + whole.name() + ": " + why + "; add it to " + whole.name());
        }
    }

    private static Set<Capability> minus(Set<Capability> set, Set<Capability> other) {
        Set<Capability> rest = EnumSet.noneOf(Capability.class);
        rest.addAll(set);
        rest.removeAll(other);
        return rest;
    }

    private static String names(Set<Capability> set) {
        return set.stream().sorted().map(Enum::name).collect(Collectors.joining(", "));
    }

    /** A capability with or without {@code CAP_}, in any case, or {@code ALL}. */
    private static final class Name implements Shape<Set<Capability>> {

        private static final List<String> NAMES = ALL.stream().map(Enum::name).toList();

        private static final ScalarShape<Set<Capability>> TEXT =
                ScalarShape.text("the name of a capability", "NET_ADMIN", "", Name::named);

        private static Set<Capability> named(String text) {
            String upper = text.toUpperCase(Locale.ROOT);
            String name = upper.startsWith("CAP_") ? upper.substring(4) : upper;
            if (name.equals("ALL")) {
                return ALL;
            }
            if (!NAMES.contains(name)) {
                String hint = Nearest.in(name, NAMES)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("capabilities(7) lists them");
                throw new IllegalArgumentException(Quoted.of(text) + " is not a capability; " + hint);
            }
            return Set.of(Capability.valueOf(name));
        }

        @Override
        public Set<Capability> read(Node node) {
            return TEXT.read(node);
        }

        /** Patterns cannot ignore case, so editors get the usual spellings, and any other that has the form. */
        @Override
        public Map<String, Object> schema() {
            List<String> usual = new ArrayList<>(List.of("ALL"));
            usual.addAll(NAMES);
            String spelled = NAMES.stream().map(Name::anyCase).collect(Collectors.joining("|"));
            return Schemas.anyOf(List.of(
                    Schemas.of("enum", usual),
                    Schemas.of("type", "string", "pattern", "^([Cc][Aa][Pp]_)?([Aa][Ll][Ll]|" + spelled + ")$")));
        }

        private static String anyCase(String name) {
            return name.chars()
                    .mapToObj(c -> c == '_' ? "_" : "[" + (char) c + (char) Character.toLowerCase(c) + "]")
                    .collect(Collectors.joining());
        }
    }
}
