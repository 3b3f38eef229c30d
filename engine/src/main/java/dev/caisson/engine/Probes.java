package dev.caisson.engine;

import dev.caisson.api.Backend;
import dev.caisson.api.BackendException;
import dev.caisson.api.CaissonException;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.Settings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * Asks backends whether they would work here, each once for the same settings: a probe tries the real thing, and a host does not change its
 * mind between two starts.
 */
@Singleton
final class Probes {

    private final Host host;
    private final Map<Question, ProbeReport> answers = new ConcurrentHashMap<>();

    @Inject
    Probes(Host host) {
        this.host = host;
    }

    ProbeReport probe(Backend backend, Settings settings) {
        return answers.computeIfAbsent(new Question(backend, settings), this::ask);
    }

    /** The same, where a probe that fails is the answer that it does not work: one backend must not break a choice among many. */
    ProbeReport tryProbe(Backend backend, Settings settings) {
        try {
            return probe(backend, settings);
        } catch (CaissonException e) {
            Finding finding = Finding.blocker(Objects.requireNonNullElse(e.getMessage(), e.toString()), "");
            return new ProbeReport(Set.of(), Set.of(), List.of(finding));
        }
    }

    private ProbeReport ask(Question question) {
        try {
            return question.backend().probe(host, question.settings());
        } catch (CaissonException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new BackendException(
                    question.backend().name() + ": its probe failed: " + e + "; report this to the backend's author",
                    e);
        }
    }

    private record Question(Backend backend, Settings settings) {}
}
