package dev.caisson.engine.profile;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** A path of the host; a relative one starts at the directory of the profile that has it. */
final class PathShape implements Shape<Path> {

    static final PathShape ANY = new PathShape();

    private static final ScalarShape<String> TEXT = ScalarShape.text("a path", "/srv/files or ./files");

    private PathShape() {}

    @Override
    public Path read(Node node) {
        String text = TEXT.read(node);
        if (text.isEmpty()) {
            throw node.mark().error("an empty path; write it as /srv/files or ./files");
        }
        try {
            return node.mark().resolve(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw node.mark()
                    .error(Quoted.of(text) + " cannot be a path here: " + e.getReason()
                            + "; run with a UTF-8 locale (LC_ALL=C.UTF-8)");
        }
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.text("[\\s\\S]+");
    }
}
