package dev.caisson.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names for the container's {@code /etc/hosts} and {@code /etc/resolv.conf}.
 *
 * @param hosts host name to address, beside localhost and the container's own name
 * @param nameservers addresses of name servers
 */
public record NetworkSpec(Map<String, String> hosts, List<String> nameservers) {

    /** Keeps the order of the names, unlike {@link Map#copyOf}: one profile gives one program. */
    public NetworkSpec {
        hosts = Collections.unmodifiableMap(new LinkedHashMap<>(hosts));
        nameservers = List.copyOf(nameservers);
    }
}
