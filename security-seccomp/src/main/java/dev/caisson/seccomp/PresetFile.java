package dev.caisson.seccomp;

import dev.caisson.api.Capability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A policy as a text that people can read.
 *
 * <pre>
 * otherwise errno EPERM                  # what happens with calls that are not listed
 *
 * allow:                                 # an action, and the calls that it is for
 *     read write socket(arg0 != 40)
 * allow with CAP_SYS_BOOT:               # the same, for containers that have a capability in their bounding set
 *     reboot
 * errno ENOSYS without CAP_SYS_ADMIN:    # and for those that have not
 *     clone3
 * </pre>
 *
 * <p>Of several rules for one call the first that holds counts.
 *
 * @param otherwise what happens with calls that are not listed
 * @param entries the rules, in order
 */
record PresetFile(Action otherwise, List<Entry> entries) {

    private static final String COMMENT = "#";
    private static final String OTHERWISE = "otherwise ";
    private static final String HEADING = ":";
    private static final String WITH = " with CAP_";
    private static final String WITHOUT = " without CAP_";

    /** A rule and the heading under which it stands. */
    record Entry(Heading heading, Rule rule) {}

    /**
     * What the rules of a group have in common.
     *
     * @param action their action
     * @param capability the capability on which they depend, if on any
     * @param with whether they are for containers that have it, or for those that have not
     */
    record Heading(Action action, Optional<Capability> capability, boolean with) {

        boolean isFor(Set<Capability> capabilities) {
            return capability.isEmpty() || capabilities.contains(capability.get()) == with;
        }
    }

    PresetFile {
        entries = List.copyOf(entries);
    }

    /** Reads a file among the resources. */
    static PresetFile read(String resource) {
        try (InputStream in = Objects.requireNonNull(PresetFile.class.getResourceAsStream(resource), resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return parse(lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the lines of a file. */
    static PresetFile parse(List<String> lines) {
        Optional<Action> otherwise = Optional.empty();
        Optional<Heading> heading = Optional.empty();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String text = line.substring(0, line.contains(COMMENT) ? line.indexOf(COMMENT) : line.length())
                    .strip();
            try {
                if (text.startsWith(OTHERWISE)) {
                    otherwise = Optional.of(Action.parse(text.substring(OTHERWISE.length())));
                } else if (text.endsWith(HEADING)) {
                    heading = Optional.of(heading(text.substring(0, text.length() - HEADING.length())));
                } else {
                    entries.addAll(entries(text, heading));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return new PresetFile(
                otherwise.orElseThrow(
                        () -> new IllegalArgumentException("a line such as \"otherwise errno EPERM\" is missing")),
                entries);
    }

    private static Heading heading(String text) {
        for (boolean with : List.of(true, false)) {
            String word = with ? WITH : WITHOUT;
            int at = text.indexOf(word);
            if (at >= 0) {
                Capability capability = Capability.valueOf(text.substring(at + word.length()));
                return new Heading(Action.parse(text.substring(0, at)), Optional.of(capability), with);
            }
        }
        return new Heading(Action.parse(text), Optional.empty(), true);
    }

    private static List<Entry> entries(String text, Optional<Heading> heading) {
        List<Entry> entries = new ArrayList<>();
        CallPatternParser parser = new CallPatternParser(text);
        while (!parser.atEnd()) {
            Heading above =
                    heading.orElseThrow(() -> new IllegalArgumentException("a heading such as \"allow:\" is missing"));
            entries.add(new Entry(above, new Rule(parser.pattern(), above.action())));
        }
        return entries;
    }

    /** The rules for a container that has some capabilities in its bounding set, and no others. */
    List<Rule> rules(Set<Capability> capabilities) {
        List<Rule> rules = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.heading().isFor(capabilities)) {
                rules.add(entry.rule());
            }
        }
        return rules;
    }
}
