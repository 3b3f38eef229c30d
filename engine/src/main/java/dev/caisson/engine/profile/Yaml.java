package dev.caisson.engine.profile;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.caisson.api.ProfileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads YAML text into nodes: one document, without anchors, aliases and tags, no key twice, and not deeper than {@value #DEEPEST}.
 *
 * <p>It works on the parser's tokens, as Jackson's own trees do not know where their nodes were written.
 */
final class Yaml {

    private static final int DEEPEST = 32;
    private static final YAMLFactory FACTORY = YAMLFactory.builder()
            // As in YAML 1.2: only true and false are; yes, no, on and off are words.
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build();

    private final YAMLParser parser;
    private final Origin origin;

    private Yaml(YAMLParser parser, Origin origin) {
        this.parser = parser;
        this.origin = origin;
    }

    /**
     * Reads a text.
     *
     * @param root where the value belongs, with the origin of the text
     * @return empty if nothing is there but comments
     */
    static Optional<Node> read(String text, Mark root) {
        try (YAMLParser parser = FACTORY.createParser(text)) {
            return new Yaml(parser, root.origin()).document(root);
        } catch (JsonProcessingException e) {
            throw notYaml(root, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Node> document(Mark root) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return Optional.empty();
        }
        Node node = value(first, root, 0);
        if (parser.nextToken() != null) {
            throw here(root).error("a second document begins; write one profile in a file");
        }
        return node instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.NOTHING
                ? Optional.empty()
                : Optional.of(node);
    }

    /** The value whose first token is the current one; its place is found, its path given. */
    private Node value(JsonToken token, Mark path, int depth) throws IOException {
        Mark mark = here(path);
        refuseAnchors(mark);
        if (depth > DEEPEST) {
            throw origin.start()
                    .at(mark.line(), mark.column())
                    .error("nested deeper than " + DEEPEST + " levels; no profile needs that");
        }
        return switch (token) {
            case START_OBJECT -> mapping(mark, depth);
            case START_ARRAY -> sequence(mark, depth);
            default -> new Node.Scalar(mark, kind(token), parser.getText());
        };
    }

    private Node.Mapping mapping(Mark mark, int depth) throws IOException {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Mark keyMark = here(mark);
            refuseAnchors(keyMark);
            String key = parser.currentName();
            Node.Entry first = entries.get(key);
            if (first != null) {
                throw keyMark.error("key " + Quoted.of(key) + " is there twice, first in line "
                        + first.key().line() + "; remove one of them");
            }
            entries.put(key, new Node.Entry(keyMark, value(parser.nextToken(), mark.key(key), depth + 1)));
        }
        return new Node.Mapping(mark, entries);
    }

    private Node.Sequence sequence(Mark mark, int depth) throws IOException {
        List<Node> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(token, mark.item(items.size()), depth + 1));
        }
        return new Node.Sequence(mark, items);
    }

    private Node.Kind kind(JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_NUMBER_INT -> Node.Kind.INTEGER;
            case VALUE_NUMBER_FLOAT -> Node.Kind.DECIMAL;
            case VALUE_TRUE, VALUE_FALSE -> Node.Kind.BOOLEAN;
            case VALUE_NULL -> Node.Kind.NULL;
            default -> parser.getText().isEmpty() && writtenWithNothing() ? Node.Kind.NOTHING : Node.Kind.STRING;
        };
    }

    /** Whether the token has no extent, unlike a pair of quotes with nothing between. */
    private boolean writtenWithNothing() {
        JsonLocation start = parser.currentTokenLocation();
        JsonLocation end = parser.currentLocation();
        return start.getLineNr() == end.getLineNr() && start.getColumnNr() == end.getColumnNr();
    }

    /** Aliases let a small text stand for a huge one; a tag may name a type that we do not read. */
    private void refuseAnchors(Mark mark) throws IOException {
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            throw mark.error(
                    "anchors (&) and aliases (*) are not supported; write the value again, or share it by extends");
        }
        Object tag = parser.getTypeId();
        if (tag != null) {
            throw mark.error("tags such as " + Quoted.of("!" + tag.toString().replace("tag:yaml.org,2002:", "!"))
                    + " are not supported; write the plain value");
        }
    }

    private Mark here(Mark path) {
        JsonLocation place = parser.currentTokenLocation();
        return path.at(place.getLineNr(), place.getColumnNr());
    }

    private static ProfileException notYaml(Mark root, JsonProcessingException e) {
        if (!(e.getCause() instanceof MarkedYAMLException marked)) {
            JsonLocation place = e.getLocation();
            Mark mark = place == null ? root : root.at(place.getLineNr(), place.getColumnNr());
            return mark.error(
                    e.getOriginalMessage().startsWith("Expected a field name")
                            ? "a key that is not plain text; write each key as a word"
                            : "not YAML that can be read: " + e.getOriginalMessage() + "; write less at this place");
        }
        var place = marked.getProblemMark();
        Mark mark = root.at(place.getLine() + 1, place.getColumn() + 1);
        String problem = marked.getProblem().replaceAll("\\s*\\(.*", "");
        if (problem.contains("'\\t")) {
            return mark.error("a tab where YAML allows only spaces; indent with spaces");
        }
        var begin = marked.getContextMark();
        return mark.error("not YAML: " + problem
                + (begin == null || marked.getContext() == null || begin.getLine() == place.getLine()
                        ? ""
                        : " " + marked.getContext() + " from line " + (begin.getLine() + 1))
                + "; look at the indentation, quotes and brackets before this place");
    }
}
