package dev.caisson.engine;

import dev.caisson.api.Backend;
import dev.caisson.api.BackendException;
import dev.caisson.api.CaissonException;
import dev.caisson.api.Host;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.Settings;
import java.util.Map;
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

    private ProbeReport ask(Question question) {
        try {
            return question.backend().probe(host, question.settings());
        } catch (CaissonException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new BackendException(
                    question.backend().name() + ": its probe failed: " + e + "; report this to the backend's author",
                    e);
        }
    }

    private record Question(Backend backend, Settings settings) {}
}
