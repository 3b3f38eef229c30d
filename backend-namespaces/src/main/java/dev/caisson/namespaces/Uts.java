package dev.caisson.namespaces;

import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;

import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.charset.StandardCharsets;

/** Sets the host name of a UTS namespace, as in uts_namespaces(7). */
final class Uts {

    private Uts() {}

    static Step step(String hostname) {
        int length = hostname.getBytes(StandardCharsets.UTF_8).length;
        return Step.of("set the host name to " + hostname, Op.call("sethostname", text(hostname), number(length)))
                .hint(Errno.EINVAL, "a host name has at most 64 bytes, this one has " + length);
    }
}
