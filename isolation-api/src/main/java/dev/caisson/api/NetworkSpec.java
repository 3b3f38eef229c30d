package dev.caisson.api;

import java.util.List;
import java.util.Map;

/**
 * Names for the container's {@code /etc/hosts} and {@code /etc/resolv.conf}.
 *
 * @param hosts host name to address, beside localhost and the container's own name
 * @param nameservers addresses of name servers
 */
public record NetworkSpec(Map<String, String> hosts, List<String> nameservers) {
    public NetworkSpec {
        hosts = Map.copyOf(hosts);
        nameservers = List.copyOf(nameservers);
    }
}
