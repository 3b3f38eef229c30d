package dev.caisson.engine.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.BackendException;
import dev.caisson.api.ProfileException;
import dev.caisson.api.Settings;
import dev.caisson.api.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Binding of what a profile says to a backend, to records such as backends have. */
class NodeSettingsTest {

    enum Propagation {
        PRIVATE,
        SHARED_READ_ONLY
    }

    record Range(Integer first, Integer count) {
        public static Range parse(String text) {
            String[] parts = text.split("\\+", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("\"" + text + "\" is no range; write it as 0+10");
            }
            return new Range(Integer.valueOf(parts[0]), Integer.valueOf(parts[1]));
        }
    }

    record Limits(
            @Nullable Size size,
            @Nullable Duration pause,
            @Nullable Double share) {
        Limits {
            if (size != null && size.bytes() == 0) {
                throw new IllegalArgumentException("a size of nothing; leave size out");
            }
        }
    }

    record Example(
            String mode,
            @Nullable Boolean on,
            @Nullable Long count,
            @Nullable Propagation propagation,
            @Nullable Path file,
            @Nullable Limits limits,
            List<Range> ranges,
            Set<String> names,
            Map<String, Integer> shares,
            @Nullable String default_) {
        Example {
            mode = Objects.requireNonNullElse(mode, "usual");
        }
    }

    record Primitive(int number) {}

    record Careless(@Nullable String name) {
        Careless {
            if (name == null) {
                throw new IllegalStateException("no name");
            }
        }
    }

    @Test
    void bindsEveryType() {
        Example example = settings("mode: other, on: true, count: 5, propagation: shared-read-only, file: etc/x,"
                        + " limits: {size: 64MiB, pause: 2m, share: 0.5}, ranges: [0+10, {first: 5, count: 1}],"
                        + " names: [a, b, a], shares: {x: 1}, default: y")
                .as(Example.class);

        assertEquals(
                new Example(
                        "other",
                        true,
                        5L,
                        Propagation.SHARED_READ_ONLY,
                        Path.of("/srv/etc/x"),
                        new Limits(new Size(64 << 20), Duration.ofMinutes(2), 0.5),
                        List.of(new Range(0, 10), new Range(5, 1)),
                        Set.of("a", "b"),
                        Map.of("x", 1),
                        "y"),
                example);
    }

    @Test
    void whatIsNotSaidIsNullOrEmpty() {
        Example nothing = new Example("usual", null, null, null, null, null, List.of(), Set.of(), Map.of(), null);
        assertEquals(nothing, settings("").as(Example.class));
        assertEquals(nothing, settings("mode: null, ranges: null, limits: ~").as(Example.class));
        assertEquals(nothing, Settings.none().as(Example.class));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "moode: x | 1:25 | unknown key \"moode\"; did you mean \"mode\"?",
                "on: yes | 1:29 | on: expected a boolean, found the text \"yes\"; write it as true or false, without quotes",
                "count: 1.5 | 1:32 | count: expected a whole number, found the number 1.5; write it as 64",
                "propagation: privat | 1:38 | propagation: \"privat\" is not known here; did you mean \"private\"?",
                "limits: {sise: 1} | 1:34 | limits: unknown key \"sise\"; did you mean \"size\"?",
                "limits: {size: 0} | 1:33 | limits: a size of nothing; leave size out",
                "ranges: [0+1, 5] | 1:39 | ranges[1]: \"5\" is no range; write it as 0+10",
                "ranges: [{first: x}] | 1:42 | ranges[0].first: expected a whole number, found the text \"x\"; write it as 64",
                "names: a | 1:32 | names: expected a list, found the text \"a\"; write it as [one, two]",
                "shares: {x: y} | 1:37 | shares.x: expected a whole number, found the text \"y\"; write it as 64",
                "default_: x | 1:25 | unknown key \"default_\"; did you mean \"default\"?",
            })
    void isStrict(String written, String place, String problem) {
        String message = String.valueOf(
                assertThrows(ProfileException.class, () -> settings(written).as(Example.class))
                        .getMessage());
        String path = "isolators[0].example";
        assertEquals("p.yaml:" + place + ": " + path + (problem.startsWith("unknown") ? ": " : ".") + problem, message);
    }

    @Test
    void aRecordThatCannotBeBoundIsItsAuthorsFault() {
        assertTrue(String.valueOf(assertThrows(
                                BackendException.class,
                                () -> settings("number: 1").as(Primitive.class))
                        .getMessage())
                .contains("component number has type int"));
        assertThrows(BackendException.class, () -> settings("").as(Careless.class));
    }

    /** The settings of an isolator in a profile of one line. */
    private static Settings settings(String written) {
        String yaml = "{isolators: [{example: {" + written
                + "}}], rootfs: {layers: [{host: [sh]}]}, process: {command: [sh]}}";
        return new ProfileReader()
                .read(yaml, "p.yaml", Path.of("/srv"))
                .spec()
                .isolators()
                .get(0)
                .settings();
    }
}
