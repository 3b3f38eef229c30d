package dev.caisson.engine.profile;

import dev.caisson.api.ContainerSpec.Selection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A backend: its name, or a mapping from its name to its settings. */
final class SelectionShape implements Shape<Selection> {

    private static final String NAME = "[A-Za-z0-9-]{1,64}";

    private static final Set<String> NO_BACKENDS = Set.of("auto", "none");

    static final Defined<Selection> DEFINED = new Defined<>("selection", new SelectionShape());

    private SelectionShape() {}

    @Override
    public Selection read(Node node) {
        if (node instanceof Node.Mapping mapping && mapping.entries().size() == 1) {
            Map.Entry<String, Node.Entry> only =
                    mapping.entries().entrySet().iterator().next();
            Mark key = only.getValue().key();
            return selection(only.getKey(), settings(only.getValue().value()), key);
        }
        if (node instanceof Node.Scalar scalar && ScalarShape.ANY.contains(scalar.kind())) {
            return selection(scalar.text(), Node.Mapping.empty(node.mark()), node.mark());
        }
        throw node.mark()
                .error("expected the name of a backend, or one name with its settings, found "
                        + (node instanceof Node.Mapping several
                                ? "a mapping with " + several.entries().size() + " keys"
                                : node.describe())
                        + "; write it as name or {name: {...}}");
    }

    private static Selection selection(String name, Node.Mapping settings, Mark mark) {
        if (!name.matches(NAME)) {
            throw mark.error(Quoted.of(name) + " is no name of a backend; names are letters, digits and hyphens");
        }
        if (NO_BACKENDS.contains(name) && !settings.entries().isEmpty()) {
            throw mark.error(
                    Quoted.of(name) + " takes no settings, as they are those of one backend; name the backend");
        }
        return new Selection(name, new NodeSettings(settings), mark.toString());
    }

    private static Node.Mapping settings(Node node) {
        if (node instanceof Node.Mapping mapping) {
            return mapping;
        }
        // "- namespaces:" is what is left when the last of the settings has been commented out.
        if (node instanceof Node.Scalar scalar && (node.isNull() || scalar.kind() == Node.Kind.NOTHING)) {
            return Node.Mapping.empty(node.mark());
        }
        throw node.mark()
                .error("expected a mapping of settings, found " + node.describe() + "; write lines of key: value");
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.anyOf(List.of(
                Schemas.text(NAME),
                Schemas.of(
                        "type",
                        "object",
                        "minProperties",
                        1,
                        "maxProperties",
                        1,
                        "additionalProperties",
                        Schemas.of("type", List.of("object", "null")))));
    }
}
