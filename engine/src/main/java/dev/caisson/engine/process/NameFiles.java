package dev.caisson.engine.process;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.ContainerSpec;
import dev.caisson.api.Contribution;
import dev.caisson.api.Host;
import dev.caisson.api.Phase;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code /etc/hostname}, {@code /etc/hosts} and {@code /etc/resolv.conf} of the container.
 *
 * <p>The root may hold anything at these names. So {@code etc} is resolved with the new root as "/" (openat2(2), RESOLVE_IN_ROOT), what
 * stands at a name is removed rather than opened, and the file is created anew.
 */
public final class NameFiles {

    private NameFiles() {}

    /**
     * The files of a container.
     *
     * @param ownNetwork whether it has a network of its own; else it resolves names as the host does
     */
    public static Contribution contribute(ContainerSpec spec, Host host, boolean ownNetwork) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("hostname", spec.hostname() + "\n");
        files.put("hosts", hosts(spec));
        String resolver = resolver(spec, host, ownNetwork);
        if (!resolver.isEmpty()) {
            files.put("resolv.conf", resolver);
        }
        Contribution.Builder steps = Contribution.builder();
        steps.child(
                Phase.FILES,
                Step.of("make /etc", Op.call("mkdirat", CWD, text("etc"), mode(0755)))
                        .tolerating(Errno.EEXIST),
                Step.of(
                                "open /etc without leaving the new root",
                                Op.call(
                                        "openat2",
                                        CWD,
                                        text("etc"),
                                        block(
                                                flags("O_PATH", "O_DIRECTORY", "O_CLOEXEC"),
                                                number(0),
                                                flags("RESOLVE_IN_ROOT", "RESOLVE_NO_MAGICLINKS")),
                                        number(24)))
                        .naming("etc")
                        .hint(Errno.ENOTDIR, "etc in the root file system is not a directory"));
        files.forEach((name, content) -> file(steps, name, content.getBytes(StandardCharsets.UTF_8)));
        steps.child(Phase.FILES, Step.of("close /etc", Op.call("close", result("etc"))));
        return steps.build();
    }

    private static void file(Contribution.Builder steps, String name, byte[] content) {
        steps.child(
                Phase.FILES,
                Step.of(
                                "remove /etc/" + name + " of the layers",
                                Op.call("unlinkat", result("etc"), text(name), number(0)))
                        .tolerating(Errno.ENOENT)
                        .hint(Errno.EISDIR, "etc/" + name + " in the root file system is a directory"),
                Step.of(
                                "create /etc/" + name,
                                Op.call(
                                        "openat",
                                        result("etc"),
                                        text(name),
                                        flags("O_CREAT", "O_EXCL", "O_WRONLY", "O_NOFOLLOW", "O_CLOEXEC"),
                                        mode(0644)))
                        .naming("etc/" + name),
                Step.of(
                        "write it",
                        Op.call("write", result("etc/" + name), new Argument.Bytes(content), number(content.length))),
                Step.of("close it", Op.call("close", result("etc/" + name))));
    }

    private static String hosts(ContainerSpec spec) {
        Map<String, String> hosts = new LinkedHashMap<>();
        hosts.put("localhost", "127.0.0.1");
        hosts.put(spec.hostname(), "127.0.0.1");
        hosts.putAll(spec.network().hosts());
        return "::1\tlocalhost ip6-localhost ip6-loopback\n"
                + hosts.entrySet().stream()
                        .map(entry -> entry.getValue() + "\t" + entry.getKey() + "\n")
                        .collect(Collectors.joining());
    }

    private static String resolver(ContainerSpec spec, Host host, boolean ownNetwork) {
        String asked = spec.network().nameservers().stream()
                .map(address -> "nameserver " + address + "\n")
                .collect(Collectors.joining());
        if (!asked.isEmpty() || ownNetwork) {
            return asked;
        }
        return host.read("/etc/resolv.conf").map(text -> text + "\n").orElse("");
    }
}
