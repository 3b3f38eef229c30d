package dev.caisson.engine.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caisson.api.ProfileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schema and the reader say the same; {@code -Dcaisson.update=true} publishes it anew. */
class SchemaTest {

    private static final Path ROOT = Path.of(System.getProperty("caisson.root", ".."));
    private static final List<Path> PUBLISHED = List.of(
            ROOT.resolve("engine/src/main/resources/dev/caisson/engine/profile/profile.schema.json"),
            ROOT.resolve("docs/profile.schema.json"));

    /** What is wrong with these is nothing that a schema can say, or not YAML at all. */
    private static final Set<String> ONLY_THE_READER_SEES = Set.of(
            "alias",
            "backward-range",
            "bad-indentation",
            "bad-umask",
            "bomb",
            "capabilities-in-two-ways",
            "capability-added-and-dropped",
            "capability-not-bounding",
            "colon-in-text",
            "cycle",
            "cycle-b",
            "cycle-c",
            "duplicate-key",
            "empty-program",
            "error-in-base",
            "extends-a-directory",
            "extends-itself",
            "extends-nothing",
            "inheritable-differs",
            "isolator-twice",
            "key-is-a-list",
            "layer-is-a-file",
            "many-name-servers",
            "missing-layer",
            "no-command",
            "no-rootfs",
            "no-time",
            "no-value",
            "nul",
            "octal-looking-number",
            "section-without-keys",
            "settings-of-auto",
            "small-memory",
            "soft-above-hard",
            "tab",
            "tag",
            "terminal-and-file",
            "too-deep",
            "two-documents",
            "unclosed-bracket",
            "unclosed-quote",
            "user-too-large");

    private final MiniValidator schema;

    SchemaTest() throws IOException {
        schema = new MiniValidator(new ObjectMapper().readTree(Profile.schema()));
    }

    @Test
    void thePublishedSchemaIsTheOneOfTheReader() throws IOException {
        for (Path file : PUBLISHED) {
            if (Boolean.getBoolean("caisson.update")) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, generated());
            }
            assertEquals(
                    generated(), Files.readString(file), file + " is old; run the test with -Dcaisson.update=true");
        }
    }

    @Test
    void theSchemaIsInTheJar() throws IOException {
        assertEquals(Files.readString(PUBLISHED.get(0)), Profile.schema());
    }

    @ParameterizedTest
    @ValueSource(strings = {"full.yaml", "hello.yaml"})
    void whatTheReaderTakesTheSchemaTakes(String name) throws IOException {
        assertTrue(schema.accepts(json(Files.readString(ProfileReaderTest.PROFILES.resolve(name)))));
    }

    @Test
    void whatTheReaderRefusesTheSchemaRefusesAsFarAsItCan() throws IOException {
        Set<String> unseen = new TreeSet<>();
        for (Path file : BrokenProfilesTest.profiles().toList()) {
            String name = file.getFileName().toString().replace(".yaml", "");
            try {
                if (schema.accepts(json(Files.readString(file)))) {
                    unseen.add(name);
                }
            } catch (ProfileException e) {
                unseen.add(name);
            }
        }
        assertEquals(new TreeSet<>(ONLY_THE_READER_SEES), unseen);
    }

    /** Puts values of every type at every key: where schema and reader differ, the reader must have a reason of its own. */
    @Test
    void agreesWithTheReaderOnEveryKeyAndType() throws IOException {
        JsonNode properties = new ObjectMapper().readTree(Profile.schema()).get("properties");
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (String path : paths(properties, "")) {
            for (String value :
                    List.of("word", "5", "0.25", "true", "null", "[]", "[word]", "[5]", "{}", "{word: 5}")) {
                String yaml = nested(path, value);
                boolean reader = readerAccepts(yaml);
                boolean editor = schema.accepts(json(yaml));
                if (reader && !editor) {
                    differences.add(path + ": " + value + ": only the reader takes it");
                } else if (editor && !reader && !readerKnowsMore(path, value)) {
                    differences.add(path + ": " + value + ": only the schema takes it");
                }
                compared++;
            }
        }
        assertTrue(compared > 500, "compared only " + compared);
        assertEquals(List.of(), differences);
    }

    /** Whether the reader refuses something that a schema cannot know. */
    private static boolean readerKnowsMore(String path, String value) {
        boolean files = path.equals("extends") || path.equals("rootfs.layers");
        boolean required = value.equals("null") && (path.equals("rootfs") || path.equals("process"));
        boolean completedByAnotherFile =
                value.equals("{}") && (path.startsWith("process.rlimits.") || path.startsWith("process.std"));
        return files || required || completedByAnotherFile;
    }

    /** Every key, also those of sections below. */
    private static List<String> paths(JsonNode properties, String prefix) {
        List<String> paths = new ArrayList<>();
        properties.properties().forEach(property -> {
            String path = prefix + property.getKey();
            paths.add(path);
            paths.addAll(paths(property.getValue().path("properties"), path + "."));
        });
        return paths;
    }

    /** A mapping of a mapping of ... of the value, in YAML's flow style. */
    private static String nested(String path, String value) {
        int dot = path.indexOf('.');
        return dot < 0
                ? "{" + path + ": " + value + "}"
                : "{" + path.substring(0, dot) + ": " + nested(path.substring(dot + 1), value) + "}";
    }

    /** Whether the reader takes it when it is laid over a profile that has what is required. */
    private static boolean readerAccepts(String yaml) {
        Origin origin = new Origin("test.yaml", Path.of("/"), true);
        Node.Mapping least = Inheritance.read(
                "rootfs: {layers: [{host: [sh]}]}\nprocess: {command: [sh]}\n",
                new Origin("least.yaml", Path.of("/"), true));
        try {
            ProfileShape.read(Merge.over(least, Inheritance.read(yaml, origin)), "test");
            return true;
        } catch (ProfileException e) {
            return false;
        }
    }

    /** A text as editors see it: YAML 1.2's values as those of JSON. */
    private static JsonNode json(String yaml) {
        return json(Yaml.read(yaml, new Origin("test.yaml", Path.of("/"), true).start())
                .orElseThrow());
    }

    private static JsonNode json(Node node) {
        if (node instanceof Node.Mapping mapping) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            mapping.entries().forEach((key, entry) -> object.set(key, json(entry.value())));
            return object;
        }
        if (node instanceof Node.Sequence sequence) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            sequence.items().forEach(item -> array.add(json(item)));
            return array;
        }
        Node.Scalar scalar = (Node.Scalar) node;
        return switch (scalar.kind()) {
            case STRING -> JsonNodeFactory.instance.textNode(scalar.text());
            case INTEGER -> JsonNodeFactory.instance.numberNode(Long.parseLong(scalar.text()));
            case DECIMAL -> JsonNodeFactory.instance.numberNode(Double.parseDouble(scalar.text()));
            case BOOLEAN -> JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(scalar.text()));
            case NULL, NOTHING -> JsonNodeFactory.instance.nullNode();
        };
    }

    private static String generated() throws JsonProcessingException {
        return new ObjectMapper().writer(new DefaultPrettyPrinter()).writeValueAsString(ProfileSchema.schema()) + "\n";
    }
}
