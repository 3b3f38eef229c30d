package dev.caisson.engine.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published schema is the one of the keys that the reader has; {@code -Dcaisson.update=true} publishes it anew. */
class SchemaTest {

    private static final Path ROOT = Path.of(System.getProperty("caisson.root", ".."));
    private static final List<Path> PUBLISHED = List.of(
            ROOT.resolve("engine/src/main/resources/dev/caisson/engine/profile/profile.schema.json"),
            ROOT.resolve("docs/profile.schema.json"));

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

    private static String generated() throws JsonProcessingException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        return new ObjectMapper().writer(printer).writeValueAsString(ProfileSchema.schema()) + "\n";
    }
}
