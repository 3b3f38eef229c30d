package dev.caisson.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.Contribution;
import dev.caisson.api.Phase;
import dev.caisson.engine.FakeHost;
import dev.caisson.engine.profile.Profile;
import dev.caisson.engine.profile.ProfileBuilder;
import dev.caisson.program.Argument;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameFilesTest {

    @TempDir
    private Path root;

    @BeforeEach
    void hostWithAResolver() throws IOException {
        Files.createDirectory(root.resolve("etc"));
        Files.writeString(root.resolve("etc/resolv.conf"), "nameserver 10.0.0.1\n");
    }

    @Test
    void theContainerKnowsItselfAndWhomTheProfileNames() {
        Map<String, String> files =
                files(profile().hostname("db.example").host("six", "fd00::7").host("four", "10.0.0.7"), true);
        assertEquals("db.example\n", files.get("hostname"));
        assertEquals("""
                ::1	localhost ip6-localhost ip6-loopback
                127.0.0.1	localhost
                127.0.0.1	db.example
                fd00::7	six
                10.0.0.7	four
                """, files.get("hosts"));
    }

    @Test
    void namesAreResolvedAsTheProfileSays() {
        assertEquals(
                "nameserver 10.0.0.53\nnameserver fd00::1\n",
                files(profile().nameserver("10.0.0.53").nameserver("fd00::1"), false)
                        .get("resolv.conf"));
    }

    @Test
    void orAsTheHostDoesInItsNetwork() {
        assertEquals("nameserver 10.0.0.1\n", files(profile(), false).get("resolv.conf"));
        assertFalse(files(profile(), true).containsKey("resolv.conf"), "nobody can be asked in a network of its own");
    }

    @Test
    void nothingIsResolvedThatTheImageControls() {
        List<String> steps = Steps.of(contribute(profile(), true), Phase.FILES);
        assertTrue(
                steps.contains("{etc} = openat2(AT_FDCWD, \"etc\", {O_PATH|O_DIRECTORY|O_CLOEXEC, 0,"
                        + " RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS}, 24)"),
                steps::toString);
        int removed = steps.indexOf("unlinkat({etc}, \"hosts\", 0)  # or ENOENT");
        int created = steps.indexOf(
                "{etc/hosts} = openat({etc}, \"hosts\", O_CREAT|O_EXCL|O_WRONLY|O_NOFOLLOW|O_CLOEXEC, 0644)");
        assertEquals(created, removed + 1, steps::toString);
        assertTrue(removed > 0);
    }

    private Map<String, String> files(ProfileBuilder profile, boolean ownNetwork) {
        Map<String, String> files = new LinkedHashMap<>();
        for (Step step : contribute(profile, ownNetwork).child().getOrDefault(Phase.FILES, List.of())) {
            if (step.op() instanceof Op.SystemCall call
                    && call.name().equals("write")
                    && call.arguments().get(0) instanceof Argument.Result file
                    && call.arguments().get(1) instanceof Argument.Bytes bytes) {
                files.put(file.name().replace("etc/", ""), new String(bytes.value(), StandardCharsets.UTF_8));
                assertEquals(
                        Argument.number(bytes.value().length), call.arguments().get(2));
            }
        }
        return files;
    }

    private Contribution contribute(ProfileBuilder profile, boolean ownNetwork) {
        return NameFiles.contribute(profile.build().spec(), new FakeHost(root), ownNetwork);
    }

    private static ProfileBuilder profile() {
        return Profile.builder().hostPrograms("sh").command("sh");
    }
}
