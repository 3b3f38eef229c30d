package dev.caisson.engine.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads a file and those that it extends into one tree. */
final class Inheritance {

    /** How many files may extend one another; more is a mistake, or nobody can follow it. */
    private static final int DEEPEST = 8;

    private Inheritance() {}

    /** The tree of a file. */
    static Node.Mapping read(Path file) {
        Origin origin = origin(file);
        return read(file, origin, origin.start(), List.of());
    }

    /** The tree of a text that stands for a file. */
    static Node.Mapping read(String text, Origin origin) {
        return parse(ProfileText.checked(text, origin), origin, List.of());
    }

    /**
     * The tree of a file that is being extended.
     *
     * @param asked where its name was written
     * @param chain the files that led here, with what they were called
     */
    private static Node.Mapping read(Path file, Origin origin, Mark asked, List<Link> chain) {
        String text = ProfileText.read(file, origin, asked);
        Link link = new Link(real(file), origin.name());
        List<Link> longer = new ArrayList<>(chain);
        longer.add(link);
        if (chain.stream().anyMatch(earlier -> earlier.file().equals(link.file()))) {
            throw asked.error("profiles that extend each other in a circle: "
                    + longer.stream().map(Link::name).collect(Collectors.joining(" -> "))
                    + "; remove one of these extends");
        }
        if (longer.size() > DEEPEST) {
            throw asked.error("more than " + DEEPEST + " profiles extend one another; merge some of them");
        }
        return parse(text, origin, longer);
    }

    private static Node.Mapping parse(String text, Origin origin, List<Link> chain) {
        Node node = Yaml.read(text, origin.start()).orElseThrow(() -> ProfileText.empty(origin));
        if (!(node instanceof Node.Mapping own)) {
            throw node.mark()
                    .error("expected a profile, found " + node.describe()
                            + "; write lines of key: value, beginning with rootfs: and process:");
        }
        Node.Entry base = own.entries().get(ProfileShape.EXTENDS.name());
        Node.Mapping rest = own.without(ProfileShape.EXTENDS.name());
        return base == null || base.value().isNull() ? rest : Merge.over(base(base.value(), chain), rest);
    }

    private static Node.Mapping base(Node name, List<Link> chain) {
        String text = ProfileShape.EXTENDS.shape().read(name);
        Path file = PathShape.ANY.read(name);
        // Called as the user would: seen from where they stand, not from the root of the host.
        Path sibling = Path.of(name.mark().origin().name()).resolveSibling(text).normalize();
        return read(file, new Origin(sibling.toString(), directory(file), true), name.mark(), chain);
    }

    private static Origin origin(Path file) {
        return new Origin(file.toString(), directory(file), true);
    }

    private static Path directory(Path file) {
        return Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file.toAbsolutePath());
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }

    /** A file of the chain, however it was reached, and what it was called. */
    private record Link(Path file, String name) {}
}
