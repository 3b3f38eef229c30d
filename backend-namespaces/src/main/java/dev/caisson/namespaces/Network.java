package dev.caisson.namespaces;

import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;

import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Brings up the loopback interface of a new network namespace, as in network_namespaces(7) and netdevice(7); with it come 127.0.0.1 and
 * ::1.
 *
 * <p>With an ioctl rather than rtnetlink: one call without a reply to read.
 */
final class Network {

    /** Of linux/if.h: a struct ifreq is a name of 16 bytes and a union of 24, here a short with the flags. */
    private static final int IFREQ_SIZE = 40;

    private static final int IFREQ_FLAGS = 16;
    private static final short UP_AND_RUNNING = 0x41;

    private Network() {}

    static List<Step> steps() {
        byte[] request = ByteBuffer.allocate(IFREQ_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("lo".getBytes(StandardCharsets.US_ASCII))
                .putShort(IFREQ_FLAGS, UP_AND_RUNNING)
                .array();
        return List.of(
                Step.of(
                                "open a socket to configure the network",
                                Op.call("socket", flags("AF_INET"), flags("SOCK_DGRAM", "SOCK_CLOEXEC"), number(0)))
                        .naming("network socket")
                        .hint(Errno.EAFNOSUPPORT, "this kernel has no IPv4"),
                Step.of(
                                "bring the loopback interface up",
                                Op.call(
                                        "ioctl",
                                        result("network socket"),
                                        flags("SIOCSIFFLAGS"),
                                        new Argument.Bytes(request)))
                        .hint(Errno.EPERM, "it lacks CAP_NET_ADMIN over its network namespace"),
                Step.of("close the socket", Op.call("close", result("network socket"))));
    }
}
