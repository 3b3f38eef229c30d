package dev.caisson.api;

import java.util.List;
import java.util.Set;

/**
 * A backend's answer to "would you work here?".
 *
 * @param offers what others can rely on when this backend is chosen
 * @param needs what another chosen backend must offer
 * @param findings what is in the way, or worth knowing
 */
public record ProbeReport(Set<Feature> offers, Set<Feature> needs, List<Finding> findings) {

    public ProbeReport {
        offers = Set.copyOf(offers);
        needs = Set.copyOf(needs);
        findings = List.copyOf(findings);
    }

    /** Whether nothing blocks it. */
    public boolean supported() {
        return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.BLOCKER);
    }
}
