package dev.caisson.engine.profile;

import dev.caisson.api.Stdio;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where a standard stream goes: {@code inherit}, {@code pipe}, {@code null}, a path, or a file with what to do with its content. */
final class StdioShape implements Shape<Stdio>, Fields.TakesNull {

    private static final ScalarShape<String> WORD =
            ScalarShape.text("a stream", "inherit, pipe, null, or a path such as ./out.log");

    private static final Key<Path> FILE = Key.required(
            "file",
            PathShape.ANY,
            "name it, as in {file: ./out.log, append: true}",
            "A file of the host; a relative path starts at this file's directory.");
    private static final Key<Boolean> APPEND = Key.of(
            "append", ScalarShape.bool(), false, "Whether output goes to its end rather than replacing its content.");
    private static final Struct<Stdio> STRUCT =
            Struct.section(List.of(FILE, APPEND), fields -> new Stdio.File(fields.get(FILE), fields.get(APPEND)));

    static final Shape<Stdio> SHAPE = new StdioShape();

    private StdioShape() {}

    @Override
    public Stdio read(Node node) {
        if (node instanceof Node.Mapping) {
            return STRUCT.read(node);
        }
        if (node.isNull()) {
            return new Stdio.Discard();
        }
        String word = WORD.read(node);
        return switch (word) {
            case "inherit" -> new Stdio.Inherit();
            case "pipe" -> new Stdio.Pipe();
            case "null" -> new Stdio.Discard();
            default -> file(word, node);
        };
    }

    /** Only what has a slash: a misspelt word shall not become a file. */
    private static Stdio file(String word, Node node) {
        if (word.indexOf('/') < 0) {
            throw node.mark()
                    .error(Quoted.of(word) + " is no stream; "
                            + Nearest.in(word, List.of("inherit", "pipe", "null"))
                                    .map(near -> "did you mean \"" + near + "\"?")
                                    .orElse("write inherit, pipe, null, or a path with a slash such as ./out.log"));
        }
        return new Stdio.File(PathShape.ANY.read(node), false);
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.anyOf(List.of(
                Schemas.of("enum", List.of("inherit", "pipe", "null")),
                Schemas.of("type", "null"),
                Schemas.of("type", "string", "pattern", "/"),
                STRUCT.schema()));
    }
}
