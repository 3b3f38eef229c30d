package dev.caisson.engine.profile;

import java.nio.file.Path;
import java.util.Locale;

/** Reads profiles, strictly: whatever is not understood is an error that says where it is and what would help. */
public final class ProfileReader {

    private static final int LONGEST_NAME = 40;

    /**
     * Reads a profile.
     *
     * @throws dev.caisson.api.ProfileException if it, or one that it extends, cannot be read or asks for what cannot be
     */
    public Profile read(Path file) {
        return read(file, Overrides.NONE);
    }

    /**
     * Reads a profile with overrides.
     *
     * @throws dev.caisson.api.ProfileException if it, one that it extends, or an override cannot be read or asks for what cannot be
     */
    public Profile read(Path file, Overrides overrides) {
        Node.Mapping tree = Inheritance.read(file);
        return ProfileShape.read(overrides.over(tree, Path.of("").toAbsolutePath()), nameOf(file));
    }

    /**
     * Reads a profile from a text.
     *
     * @param yaml the text
     * @param name what errors call it
     * @param directory where relative paths in it start
     * @throws dev.caisson.api.ProfileException if it, or one that it extends, cannot be read or asks for what cannot be
     */
    public Profile read(String yaml, String name, Path directory) {
        return ProfileShape.read(Inheritance.read(yaml, new Origin(name, directory, true)), nameOf(Path.of(name)));
    }

    /** The file's name without its extension, made fit to be a container's name. */
    private static String nameOf(Path file) {
        String base = String.valueOf(file.getFileName()).replaceFirst("(?<=.)\\.[^.]*$", "");
        String fit = base.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String cut = fit.substring(0, Math.min(LONGEST_NAME, fit.length())).replaceAll("^-|-$", "");
        return cut.isEmpty() ? "container" : cut;
    }
}
