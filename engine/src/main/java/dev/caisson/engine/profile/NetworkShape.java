package dev.caisson.engine.profile;

import dev.caisson.api.NetworkSpec;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The section {@code network}: names and name servers, which go into {@code /etc/hosts} and {@code /etc/resolv.conf}. */
final class NetworkShape {

    /** One part of a host name between dots, as RFC 1123 section 2.1 has it. */
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    /** A host name that sethostname(2) takes and that is one word in every file. */
    static final ScalarShape<String> HOST_NAME = ScalarShape.matching(
            "a host name of letters, digits, hyphens and dots, 64 at most",
            "db.local",
            "(?=.{1,64}$)" + LABEL + "(\\." + LABEL + ")*");

    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern PERHAPS_IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    private static final ScalarShape<String> ADDRESS = ScalarShape.text(
            "an address", "\"10.0.0.7\"", "([0-9]+\\.){3}[0-9]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*", NetworkShape::address);

    /** As many as the C library reads of resolv.conf(5): MAXNS. */
    private static final int MOST_NAMESERVERS = 3;

    private static final Key<Map<String, String>> HOSTS = Key.of(
            "hosts",
            new MapShape<>(HOST_NAME, ADDRESS),
            Map.of(),
            Map.of(),
            "Host names and their addresses, for /etc/hosts, beside localhost and the container's own name.");
    private static final Key<List<String>> NAMESERVERS = Key.of(
            "nameservers",
            new ListShape<>(ADDRESS, 0, "[10.0.0.53]"),
            List.of(),
            List.of(),
            "Addresses of at most three name servers, for /etc/resolv.conf.");

    static final Struct<NetworkSpec> SHAPE = Struct.section(List.of(HOSTS, NAMESERVERS), NetworkShape::read);

    private NetworkShape() {}

    private static NetworkSpec read(Fields fields) {
        List<String> nameservers = fields.get(NAMESERVERS);
        if (nameservers.size() > MOST_NAMESERVERS) {
            throw fields.error(
                    NAMESERVERS, nameservers.size() + " name servers, of which resolvers read three; name three");
        }
        return new NetworkSpec(fields.get(HOSTS), nameservers);
    }

    /** Never a name: it would be looked up. */
    private static String address(String text) {
        if (IPV4.matcher(text).matches() || (PERHAPS_IPV6.matcher(text).matches() && isIpv6(text))) {
            return text;
        }
        throw new IllegalArgumentException(
                Quoted.of(text) + " is not an IP address; write one such as 10.0.0.7 or fd00::7");
    }

    private static boolean isIpv6(String text) {
        try {
            // With a colon in it, this only parses: names have none.
            return InetAddress.getByName(text).getAddress().length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
