package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caisson.api.ProfileException;
import dev.caisson.engine.Caisson;
import dev.caisson.engine.State;
import dev.caisson.engine.profile.Overrides;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileReader;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.ProgramText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example is a profile from which a launch program can be made, with root or without. */
class ExamplesTest {

    @TempDir
    private Path directory;

    static List<Path> profiles() {
        return Examples.profiles();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void givesALaunchProgram(Path profile) {
        LaunchProgram program = explain(new ProfileReader().read(profile));
        assertTrue(program.size() > 20, () -> ProgramText.of(program));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void saysWhatItShowsAndHowItIsStarted(Path profile) throws IOException {
        List<String> comment = Files.readAllLines(profile).stream()
                .takeWhile(line -> line.startsWith("#"))
                .toList();
        assertTrue(comment.size() >= 3, "a comment at its top says what it shows");
        String name = "examples/" + profile.getFileName();
        assertTrue(
                comment.stream().anyMatch(line -> line.matches("#   bin/caisson (run|check) " + name + "( .*)?")),
                () -> "no line in " + comment + " starts it");
        assertEquals(
                String.valueOf(profile.getFileName()).replace(".yaml", ""),
                new ProfileReader().read(profile).spec().name());
    }

    @Test
    void theReferenceChangesNothing() {
        Profile reference = new ProfileReader().read(Examples.FOLDER.resolve("reference.yaml"));
        Profile least = new ProfileReader()
                .read(
                        "{rootfs: {layers: [{host: [sh]}]}, process: {command: [sh, -c, echo hello]}}",
                        "reference.yaml",
                        Examples.FOLDER);
        assertEquals(ProgramText.of(explain(least)), ProgramText.of(explain(reference)));
        assertEquals(least.spec().timeouts(), reference.spec().timeouts());
        assertEquals(least.spec().process(), reference.spec().process());
    }

    @Test
    void theReferenceHasEveryKey() throws IOException {
        List<String> lines = Files.readAllLines(Examples.FOLDER.resolve("reference.yaml"));
        for (String key : keys(new ObjectMapper().readTree(Profile.schema()), "")) {
            String last = key.substring(key.lastIndexOf('.') + 1);
            assertTrue(
                    lines.stream().anyMatch(line -> line.matches(".*\\b" + last + "\\b.*")), () -> key + " is missing");
        }
    }

    @Test
    void theJavaExampleCompiles() {
        Examples.compile(Examples.JAVA, directory);
    }

    @Test
    void theBackendCompilesAndIsRegistered() throws IOException {
        Examples.compile(Examples.BACKEND.resolve("NiceIsolator.java"), directory);
        String registered = Files.readString(Examples.BACKEND.resolve("META-INF/services/dev.caisson.api.Isolator"))
                .strip();
        assertTrue(Files.exists(directory.resolve(registered.replace('.', '/') + ".class")), registered);
        new ProfileReader().read(Examples.BACKEND.resolve("nice.yaml"), Overrides.NONE);
    }

    /** Skipped where the host lacks what an example shows, such as bash. */
    private LaunchProgram explain(Profile profile) {
        try {
            return Caisson.open(new State(directory, directory)).explain(profile);
        } catch (ProfileException e) {
            if (String.valueOf(e.getMessage()).contains("the host has no program")) {
                return abort(e.getMessage());
            }
            throw e;
        }
    }

    /** The keys of sections, not those of rlimits and capabilities, which are sets of names. */
    private static List<String> keys(JsonNode schema, String prefix) {
        List<String> keys = new ArrayList<>();
        schema.path("properties").properties().forEach(property -> {
            String key = prefix + property.getKey();
            keys.add(key);
            if (Stream.of("process.rlimits", "process.capabilities", "network.hosts")
                    .noneMatch(key::equals)) {
                keys.addAll(keys(property.getValue(), key + "."));
            }
        });
        return keys;
    }
}
