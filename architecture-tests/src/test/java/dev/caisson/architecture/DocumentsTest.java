package dev.caisson.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.caisson.api.Phase;
import dev.caisson.program.OnFailure;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents say of files, classes and keywords is so. */
class DocumentsTest {

    private static final Path ROOT =
            Path.of(System.getProperty("caisson.root", "..")).toAbsolutePath().normalize();
    private static final Path README = ROOT.resolve("README.md");
    private static final Path ARCHITECTURE = ROOT.resolve("ARCHITECTURE.md");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)?(#[^)]*)?\\)");
    private static final Pattern EXAMPLE = Pattern.compile("examples/[\\w/.-]*\\w");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern CLASS_NAME = Pattern.compile("`(?:[a-z.]+\\.)?([A-Z][a-z]\\w+)(?:\\.\\w+)?`");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(java|yaml)\\n(.*?)^```$");

    /** Not ours. */
    private static final Set<String> FOREIGN = Set.of("CompletableFuture");

    static List<Path> documents() {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksLeadSomewhere(Path document) {
        for (MatchResult link : matches(LINK, text(document))) {
            String file = link.group(1);
            if (file != null && file.contains(":")) {
                continue; // elsewhere
            }
            Path target = file == null ? document : document.resolveSibling(file);
            assertTrue(Files.exists(target), () -> document.getFileName() + " links to " + link.group());
            if (link.group(2) != null) {
                assertTrue(
                        anchors(target).contains(link.group(2).substring(1)),
                        () -> document.getFileName() + " links to " + link.group());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void examplesThatAreNamedAreThere(Path document) {
        for (MatchResult example : matches(EXAMPLE, text(document))) {
            assertTrue(
                    Files.exists(ROOT.resolve(example.group())),
                    () -> document.getFileName() + " names " + example.group());
        }
    }

    @Test
    void codeInTheReadmeIsPartOfTheExamples() throws IOException {
        List<List<String>> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sources.add(stripped(Files.readAllLines(file)));
            }
        }
        List<MatchResult> blocks = matches(BLOCK, text(README));
        assertTrue(blocks.size() >= 3, "the README shows a profile, a program and a backend");
        for (MatchResult block : blocks) {
            for (String paragraph : block.group(2).split("\n\n", -1)) {
                List<String> lines = stripped(paragraph.lines().toList());
                assertTrue(
                        sources.stream().anyMatch(source -> Collections.indexOfSubList(source, lines) >= 0),
                        () -> "no example has the lines of\n" + paragraph);
            }
        }
    }

    @Test
    void everyOperationPolicyAndSectionIsExplained() {
        String text = text(ARCHITECTURE);
        Stream.of(
                        Arrays.stream(Op.class.getPermittedSubclasses()).map(Class::getSimpleName),
                        Arrays.stream(OnFailure.class.getPermittedSubclasses()).map(Class::getSimpleName),
                        Arrays.stream(Section.values()).map(Section::name))
                .flatMap(names -> names)
                .forEach(name -> assertTrue(text.contains("`" + name + "`"), () -> name + " is not explained"));
    }

    @Test
    void thePhasesAreThoseOfTheCodeInTheirOrder() {
        String rows = Arrays.stream(Phase.values())
                .map(phase -> "| `" + phase + "` | " + phase.reason() + " |\n")
                .collect(Collectors.joining());
        assertTrue(text(ARCHITECTURE).contains(rows), () -> "ARCHITECTURE.md should have\n" + rows);
    }

    @Test
    void everyModuleIsOnTheMap() {
        String text = text(ARCHITECTURE);
        for (MatchResult module : matches(Pattern.compile("<module>(.*)</module>"), text(ROOT.resolve("pom.xml")))) {
            String name = module.group(1);
            assertTrue(
                    text.contains("`" + name + "`") || (name.startsWith("backend-") && text.contains("`backend-*`")),
                    () -> name + " is not on the code map");
        }
    }

    @Test
    void classesThatAreNamedExist() {
        Set<String> known = new ClassFileImporter()
                .importPackages("dev.caisson").stream()
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toCollection(TreeSet::new));
        known.addAll(FOREIGN);
        Set<String> unknown = matches(CLASS_NAME, text(ARCHITECTURE)).stream()
                .map(name -> name.group(1))
                .filter(name -> !known.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), unknown);
    }

    /** Lines without indentation, empty ones and comments. */
    private static List<String> stripped(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .filter(line -> !line.startsWith("# ") && !line.startsWith("/**") && !line.startsWith("//"))
                .toList();
    }

    /** The anchors that GitHub gives to a document's headings. */
    private static Set<String> anchors(Path document) {
        return matches(HEADING, text(document)).stream()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static List<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
