package dev.caisson.engine.profile;

import dev.caisson.api.ProfileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a command line adds to a profile.
 *
 * @param sets texts such as {@code resources.memory=64MiB}: keys, separated by dots, and a value in YAML; they count like a profile that
 *     extends the given one, each over those before it. A key with a dot in it is reached by its mapping: {@code
 *     network.hosts={db.local: 10.0.0.7}}
 * @param command a command in place of the profile's; empty for the profile's
 */
public record Overrides(List<String> sets, List<String> command) {

    /** No overrides. */
    public static final Overrides NONE = new Overrides(List.of(), List.of());

    public Overrides {
        sets = List.copyOf(sets);
        command = List.copyOf(command);
    }

    /** The profile with these over it. */
    Node.Mapping over(Node.Mapping profile, Path directory) {
        Node.Mapping result = profile;
        for (String set : sets) {
            result = Merge.over(result, tree(set, new Origin("--set " + set, directory, false)));
        }
        if (!command.isEmpty()) {
            Mark mark = new Origin("command line", directory, false).start();
            Node list = TreeBuilder.node(command, mark.key("process").key("command"));
            result = Merge.over(result, nested(mark, List.of("process", "command"), list));
        }
        return result;
    }

    private static Node.Mapping tree(String set, Origin origin) {
        Mark mark = origin.start();
        int equals = set.indexOf('=');
        List<String> keys = List.of(set.substring(0, Math.max(equals, 0)).split("\\.", -1));
        if (equals < 0 || keys.contains("")) {
            throw mark.error("not of the form key=value; write it as resources.memory=64MiB");
        }
        Mark place = mark;
        for (String key : keys) {
            place = place.key(key);
        }
        return nested(mark, keys, value(set.substring(equals + 1), place));
    }

    private static Node value(String text, Mark mark) {
        ProfileException nothing = mark.error("no value after the equals sign; write one, or null for the default");
        return Yaml.read(ProfileText.checked(text, mark.origin()), mark).orElseThrow(() -> nothing);
    }

    /** A mapping of a mapping of ... of the value. */
    private static Node.Mapping nested(Mark mark, List<String> keys, Node value) {
        String key = keys.get(0);
        Node inner = keys.size() == 1 ? value : nested(mark.key(key), keys.subList(1, keys.size()), value);
        return new Node.Mapping(mark, Map.of(key, new Node.Entry(mark, inner)));
    }
}
