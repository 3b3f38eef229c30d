package dev.caisson.engine.profile;

import dev.caisson.api.ContainerSpec.Selection;
import dev.caisson.api.ResourceLimits;
import dev.caisson.api.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code resources}: limits, and who enforces them. */
final class ResourcesShape {

    /** Below this there is no room for a page of code, a stack and the kernel's own accounting. */
    private static final long LEAST_MEMORY = 64 * 1024;

    /** PID_MAX_LIMIT of a 64-bit kernel. */
    private static final long MOST_PIDS = 1 << 22;

    private static final Key<Selection> CONTROLLER = Key.optional(
            "controller",
            SelectionShape.DEFINED,
            "The resource controller: auto (the default) for the best that works here, none, or a name, with settings or without.");
    private static final Key<Size> MEMORY = Key.optional(
            "memory",
            ScalarShape.size(LEAST_MEMORY),
            "The most memory, page cache included; a process that needs more is killed. Not limited by default.");
    private static final Key<Size> SWAP = Key.optional(
            "swap",
            ScalarShape.size(0),
            "The most swap beyond the memory; 0 forbids swapping, so that memory is a hard bound. By default none where memory is limited.");
    private static final Key<Double> CPUS = Key.optional(
            "cpus",
            ScalarShape.decimal(0.01, 8192, "0.5"),
            "How many processors' worth of time it may use. Not limited by default.");
    private static final Key<Long> CPU_WEIGHT = Key.optional(
            "cpuWeight",
            ScalarShape.integer(1, 10_000),
            "Its share of the processors when others want them too; everybody has 100 by default.");
    private static final Key<String> CPUSET = Key.optional(
            "cpuset", kernelList("0-3,6"), "The processors that it may run on, such as 0-3,6. All by default.");
    private static final Key<String> CPUSET_MEMORY = Key.optional(
            "cpusetMemory", kernelList("0"), "The memory nodes that it may use, such as 0,1. All by default.");
    private static final Key<Long> PIDS = Key.optional(
            "pids",
            ScalarShape.integer(1, MOST_PIDS),
            "The most processes and threads at once, pid 1 included. Not limited by default.");

    static final Struct<Resources> SHAPE = Struct.section(
            List.of(CONTROLLER, MEMORY, SWAP, CPUS, CPU_WEIGHT, CPUSET, CPUSET_MEMORY, PIDS), ResourcesShape::read);

    private ResourcesShape() {}

    /**
     * What the section says.
     *
     * @param controller the chosen controller; null for the default
     * @param limits the limits
     */
    record Resources(@Nullable Selection controller, ResourceLimits limits) {}

    private static Resources read(Fields fields) {
        Size memory = fields.find(MEMORY);
        Size swap = fields.find(SWAP);
        Long cpuWeight = fields.find(CPU_WEIGHT);
        return new Resources(
                fields.find(CONTROLLER),
                new ResourceLimits(
                        memory == null ? null : memory.bytes(),
                        swap == null ? null : swap.bytes(),
                        fields.find(CPUS),
                        cpuWeight == null ? null : cpuWeight.intValue(),
                        fields.find(CPUSET),
                        fields.find(CPUSET_MEMORY),
                        fields.find(PIDS)));
    }

    /** A list of numbers and ranges, as in cpuset(7), "List format". */
    private static ScalarShape<String> kernelList(String example) {
        String form = "[0-9]{1,5}(-[0-9]{1,5})?(,[0-9]{1,5}(-[0-9]{1,5})?)*";
        return ScalarShape.text("a list of numbers", "\"" + example + "\"", form, text -> {
            if (!text.matches(form)) {
                throw new IllegalArgumentException(
                        Quoted.of(text) + " is not a list of numbers and ranges; write it as \"" + example + "\"");
            }
            for (String part : text.split(",", -1)) {
                String[] range = part.split("-", 2);
                if (range.length == 2 && Integer.parseInt(range[0]) > Integer.parseInt(range[1])) {
                    throw new IllegalArgumentException(
                            "range " + part + " runs backwards; write the lower number first");
                }
            }
            return text;
        });
    }
}
