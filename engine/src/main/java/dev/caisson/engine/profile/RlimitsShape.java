package dev.caisson.engine.profile;

import dev.caisson.api.ProcessSpec.Rlimit;
import dev.caisson.api.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The section {@code process.rlimits}: limits as in getrlimit(2), for each process by itself. */
final class RlimitsShape {

    private static final long UNLIMITED = -1;

    static final Defined<Rlimit> NUMBER =
            new Defined<>("limit", new Value(new OrUnlimited(ScalarShape.integer(0, Long.MAX_VALUE))));
    static final Defined<Rlimit> BYTES = new Defined<>(
            "limitInBytes", new Value(new OrUnlimited(new Converted<>(ScalarShape.size(0), Size::bytes))));

    private static final List<Key<?>> KEYS = List.of(
            bytes("as", "Address space."),
            bytes("core", "Core files; 0 for none."),
            number("cpu", "Processor time in seconds."),
            bytes("data", "Data segment, with heap."),
            bytes("fsize", "Size of a file that it writes."),
            number("locks", "File locks; Linux ignores it."),
            bytes("memlock", "Memory that may be locked."),
            bytes("msgqueue", "POSIX message queues of the user."),
            number("nice", "20 minus the lowest nice value: 1 to 40."),
            number("nofile", "File descriptors."),
            number(
                    "nproc",
                    "Processes and threads of the user, on the whole host; resources.pids limits the container."),
            bytes("rss", "Resident memory; Linux ignores it."),
            number("rtprio", "Real-time priority."),
            number("rttime", "Processor time between blocking calls under real-time scheduling, in microseconds."),
            number("sigpending", "Queued signals of the user."),
            bytes("stack", "Stack of the first thread."));

    static final Struct<Map<String, Rlimit>> SHAPE = Struct.section(KEYS, RlimitsShape::read);

    private RlimitsShape() {}

    private static Map<String, Rlimit> read(Fields fields) {
        Map<String, Rlimit> limits = new LinkedHashMap<>();
        for (Key<?> key : KEYS) {
            if (fields.find(key) instanceof Rlimit limit) {
                limits.put(key.name(), limit);
            }
        }
        return limits;
    }

    private static Key<Rlimit> number(String name, String description) {
        return Key.optional(name, NUMBER, description);
    }

    private static Key<Rlimit> bytes(String name, String description) {
        return Key.optional(name, BYTES, description + " In bytes, or a size such as 64MiB.");
    }

    /** One value for soft and hard limit, or one for each. */
    private static final class Value implements Shape<Rlimit> {

        private final OrUnlimited one;
        private final Key<Long> soft;
        private final Key<Long> hard;
        private final Struct<Rlimit> both;

        Value(OrUnlimited one) {
            this.one = one;
            this.soft = Key.required("soft", one, "write both, as in {soft: 1024, hard: 4096}", "What counts now.");
            this.hard = Key.required(
                    "hard", one, "write both, as in {soft: 1024, hard: 4096}", "As far as the process may raise it.");
            this.both = Struct.section(List.of(soft, hard), this::both);
        }

        @Override
        public Rlimit read(Node node) {
            if (node instanceof Node.Mapping) {
                return both.read(node);
            }
            long value = one.read(node);
            return new Rlimit(value, value);
        }

        private Rlimit both(Fields fields) {
            Rlimit limit = new Rlimit(fields.get(soft), fields.get(hard));
            // Unlimited is -1, and as an unsigned number the largest.
            if (Long.compareUnsigned(limit.soft(), limit.hard()) > 0) {
                throw fields.error(soft, "the soft limit is above the hard one; lower it, or raise the hard one");
            }
            return limit;
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.anyOf(List.of(one.schema(), both.schema()));
        }
    }

    /** A number, or {@code unlimited}. */
    private record OrUnlimited(Shape<Long> number) implements Shape<Long> {

        @Override
        public Long read(Node node) {
            boolean unlimited =
                    node instanceof Node.Scalar scalar && scalar.text().equals("unlimited");
            return unlimited ? Long.valueOf(UNLIMITED) : number.read(node);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.anyOf(List.of(Schemas.of("const", "unlimited"), number.schema()));
        }
    }
}
