package dev.caisson.engine.profile;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import dev.caisson.api.Size;
import dev.caisson.api.Stdio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a {@link Profile} in code, with the defaults and the checks of one in YAML; its methods are the keys of that. Relative paths
 * start at the working directory.
 *
 * <p>What cannot be is found out in {@link #build}, as a {@link dev.caisson.api.ProfileException} that names the key.
 */
public final class ProfileBuilder {

    private final Map<String, Object> root = new LinkedHashMap<>();

    ProfileBuilder() {}

    /** The container's name; {@code container} by default. */
    public ProfileBuilder name(String name) {
        return put(name, "name");
    }

    /** The host name inside; the name by default. */
    public ProfileBuilder hostname(String hostname) {
        return put(hostname, "hostname");
    }

    /** Adds an isolator; the first one replaces the default, which is namespaces and seccomp. */
    public ProfileBuilder isolator(String name) {
        return isolator(name, Map.of());
    }

    /** Adds an isolator with settings, as the profile writes them: strings, numbers, booleans, lists and maps. */
    public ProfileBuilder isolator(String name, Map<String, ?> settings) {
        return add(Map.of(name, settings), "isolators");
    }

    /** No isolators, except those added after this. */
    public ProfileBuilder noIsolators() {
        return put(new ArrayList<>(), "isolators");
    }

    /** The root file system provider; by default the best that works here. */
    public ProfileBuilder rootfs(String provider) {
        return rootfs(provider, Map.of());
    }

    /** The root file system provider with settings. */
    public ProfileBuilder rootfs(String provider, Map<String, ?> settings) {
        return put(Map.of(provider, settings), "rootfs", "provider");
    }

    /** Adds a directory above the layers so far. */
    public ProfileBuilder layer(Path directory) {
        return add(directory.toString(), "rootfs", "layers");
    }

    /** Adds a layer of programs of the host, with their libraries, above the layers so far. */
    public ProfileBuilder hostPrograms(String... programs) {
        return add(Map.of("host", List.of(programs)), "rootfs", "layers");
    }

    /** Whether the root is read-only; it is not by default. */
    public ProfileBuilder readonlyRootfs(boolean readonly) {
        return put(readonly, "rootfs", "readonly");
    }

    /** The resource controller; by default the best that works here. */
    public ProfileBuilder controller(String name) {
        return controller(name, Map.of());
    }

    /** The resource controller with settings. */
    public ProfileBuilder controller(String name, Map<String, ?> settings) {
        return put(Map.of(name, settings), "resources", "controller");
    }

    /** The most memory in bytes. */
    public ProfileBuilder memory(long bytes) {
        return put(bytes, "resources", "memory");
    }

    /** The most memory, as in {@code memory("128MiB")}. */
    public ProfileBuilder memory(String size) {
        return memory(Size.parse(size).bytes());
    }

    /** The most swap in bytes; zero forbids it. */
    public ProfileBuilder swap(long bytes) {
        return put(bytes, "resources", "swap");
    }

    /** How many processors' worth of time, such as 0.5. */
    public ProfileBuilder cpus(double cpus) {
        return put(cpus, "resources", "cpus");
    }

    /** The share of the processors: 1 to 10000, usually 100. */
    public ProfileBuilder cpuWeight(int weight) {
        return put(weight, "resources", "cpuWeight");
    }

    /** The processors to run on, as in "0-3,6". */
    public ProfileBuilder cpuset(String processors) {
        return put(processors, "resources", "cpuset");
    }

    /** The memory nodes to use, in the same form. */
    public ProfileBuilder cpusetMemory(String nodes) {
        return put(nodes, "resources", "cpusetMemory");
    }

    /** The most processes and threads. */
    public ProfileBuilder pids(long pids) {
        return put(pids, "resources", "pids");
    }

    /** The program and its arguments. */
    public ProfileBuilder command(String... command) {
        return command(List.of(command));
    }

    /** The program and its arguments. */
    public ProfileBuilder command(List<String> command) {
        return put(List.copyOf(command), "process", "command");
    }

    /** User and group id, inside; both zero by default. */
    public ProfileBuilder user(int uid, int gid) {
        return put(uid + ":" + gid, "process", "user");
    }

    /** Adds a supplementary group id, inside. */
    public ProfileBuilder group(int gid) {
        return add(gid, "process", "groups");
    }

    /** Sets an environment variable. */
    public ProfileBuilder env(String name, String value) {
        return put(value, "process", "env", name);
    }

    /** The working directory, absolute, inside. */
    public ProfileBuilder workingDirectory(String path) {
        return put(path, "process", "cwd");
    }

    /** The file mode creation mask; 022 by default. */
    public ProfileBuilder umask(int mask) {
        return put(Integer.toOctalString(mask | 01000).substring(1), "process", "umask");
    }

    /** Whether pid 1 is a reaper rather than the command; it is by default. */
    public ProfileBuilder init(boolean init) {
        return put(init, "process", "init");
    }

    /** Whether it gets a terminal of its own; it does not by default. */
    public ProfileBuilder tty(boolean tty) {
        return put(tty, "process", "tty");
    }

    /** Whether set-id programs give nothing; they do not by default. */
    public ProfileBuilder noNewPrivileges(boolean noNewPrivileges) {
        return put(noNewPrivileges, "process", "noNewPrivileges");
    }

    /** Adds a capability to Docker's default set. */
    public ProfileBuilder addCapability(Capability capability) {
        return add(capability.name(), "process", "capabilities", "add");
    }

    /** Takes a capability from Docker's default set. */
    public ProfileBuilder dropCapability(Capability capability) {
        return add(capability.name(), "process", "capabilities", "drop");
    }

    /** Exactly these capabilities. */
    public ProfileBuilder capabilities(CapabilitySets sets) {
        return put(names(sets.bounding()), "process", "capabilities", "bounding")
                .put(names(sets.effective()), "process", "capabilities", "effective")
                .put(names(sets.permitted()), "process", "capabilities", "permitted")
                .put(names(sets.ambient()), "process", "capabilities", "ambient");
    }

    /** A limit of each process, named as in {@code nofile}; -1 is unlimited. */
    public ProfileBuilder rlimit(String name, long soft, long hard) {
        return put(Map.of("soft", limit(soft), "hard", limit(hard)), "process", "rlimits", name);
    }

    /** How likely the kernel picks it when memory is short: -1000 to 1000. */
    public ProfileBuilder oomScoreAdj(int adjustment) {
        return put(adjustment, "process", "oomScoreAdj");
    }

    /** Where standard input comes from. */
    public ProfileBuilder stdin(Stdio stdin) {
        return put(stream(stdin), "process", "stdin");
    }

    /** Where standard output goes. */
    public ProfileBuilder stdout(Stdio stdout) {
        return put(stream(stdout), "process", "stdout");
    }

    /** Where standard error goes. */
    public ProfileBuilder stderr(Stdio stderr) {
        return put(stream(stderr), "process", "stderr");
    }

    /** How long it may run by the clock on the wall, to the millisecond. */
    public ProfileBuilder wallTimeout(Duration limit) {
        return put(Durations.text(limit), "timeouts", "wall");
    }

    /** How much processor time all its processes may use together, to the millisecond. */
    public ProfileBuilder cpuTimeout(Duration limit) {
        return put(Durations.text(limit), "timeouts", "cpu");
    }

    /** How long the command may take to end when it is asked to, to the millisecond; ten seconds by default. */
    public ProfileBuilder grace(Duration grace) {
        return put(Durations.text(grace), "timeouts", "grace");
    }

    /** Adds a host name and its address. */
    public ProfileBuilder host(String name, String address) {
        return put(address, "network", "hosts", name);
    }

    /** Adds a name server. */
    public ProfileBuilder nameserver(String address) {
        return add(address, "network", "nameservers");
    }

    /**
     * Makes the profile.
     *
     * @throws dev.caisson.api.ProfileException if it asks for what cannot be
     */
    public Profile build() {
        Origin origin = new Origin("profile builder", Path.of("").toAbsolutePath(), false);
        return ProfileShape.read((Node.Mapping) TreeBuilder.node(root, origin.start()), "container");
    }

    private ProfileBuilder put(Object value, String... path) {
        section(path).put(path[path.length - 1], value);
        return this;
    }

    private ProfileBuilder add(Object value, String... path) {
        Map<String, Object> section = section(path);
        List<Object> list = new ArrayList<>();
        if (section.get(path[path.length - 1]) instanceof List<?> already) {
            list.addAll(already);
        }
        list.add(value);
        section.put(path[path.length - 1], list);
        return this;
    }

    /** The mapping that the last key of a path is in. */
    @SuppressWarnings("unchecked") // only this method makes mappings on the way to a key
    private Map<String, Object> section(String... path) {
        Map<String, Object> section = root;
        for (String key : List.of(path).subList(0, path.length - 1)) {
            section = (Map<String, Object>) section.computeIfAbsent(key, name -> new LinkedHashMap<String, Object>());
        }
        return section;
    }

    private static List<String> names(Set<Capability> capabilities) {
        return capabilities.stream().sorted().map(Enum::name).toList();
    }

    private static Object limit(long value) {
        return value < 0 ? "unlimited" : value;
    }

    private static Object stream(Stdio stdio) {
        if (stdio instanceof Stdio.File file) {
            return Map.of("file", file.path().toString(), "append", file.append());
        }
        if (stdio instanceof Stdio.Pipe) {
            return "pipe";
        }
        return stdio instanceof Stdio.Discard ? "null" : "inherit";
    }
}
