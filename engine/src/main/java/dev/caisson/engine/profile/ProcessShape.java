package dev.caisson.engine.profile;

import dev.caisson.api.CapabilitySets;
import dev.caisson.api.ProcessSpec;
import dev.caisson.api.ProcessSpec.Rlimit;
import dev.caisson.api.Stdio;
import dev.caisson.engine.profile.UserShape.User;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The section {@code process}: the command and what it is given. */
final class ProcessShape {

    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int UMASK = 022;
    private static final String UMASK_FORM = "0?[0-7]{1,3}";

    private static final Key<List<String>> COMMAND = Key.required(
            "command",
            new ListShape<>(ScalarShape.text("text", "[sh, -c, \"echo hello\"]"), 1, "[sh, -c, \"echo hello\"]"),
            "write it as command: [sh, -c, \"echo hello\"], or on the command line after --",
            "The program and its arguments; without a slash it is searched for in PATH. Required.");
    private static final Key<User> USER = Key.of(
            "user",
            new UserShape(),
            User.ROOT,
            "0:0",
            "User and group id inside, uid:gid; without :gid the group has the user's number.");
    private static final Key<List<Integer>> GROUPS = Key.of(
            "groups",
            new ListShape<>(new Converted<>(ScalarShape.integer(0, Integer.MAX_VALUE), Long::intValue), 0, "[100, 44]"),
            List.of(),
            "Supplementary group ids, inside.");
    private static final Key<Map<String, Optional<String>>> ENV = Key.of(
            "env",
            new EnvironmentShape(),
            Map.of(),
            Map.of(),
            "Environment variables, beside PATH, HOME=/ and, with a terminal, TERM=xterm; null takes one of these away."
                    + " Nothing of the host's environment gets in.");
    private static final Key<String> CWD = Key.of(
            "cwd",
            ScalarShape.matching("an absolute path", "/srv", "/[\\s\\S]*"),
            "/",
            "The working directory, inside.");
    private static final Key<Integer> UMASK_KEY = Key.of(
            "umask",
            ScalarShape.text("a file mode mask", "\"022\"", UMASK_FORM, ProcessShape::umask),
            UMASK,
            "022",
            "The file mode creation mask, in octal.");
    private static final Key<Boolean> INIT = Key.of(
            "init",
            ScalarShape.bool(),
            true,
            "Whether pid 1 is a reaper that passes signals on; if not, the command is pid 1, which ignores signals that it has no handler for.");
    private static final Key<Boolean> TTY =
            Key.of("tty", ScalarShape.bool(), false, "Whether it gets a terminal of its own as its three streams.");
    private static final Key<Boolean> NO_NEW_PRIVILEGES = Key.of(
            "noNewPrivileges",
            ScalarShape.bool(),
            true,
            "Whether set-id programs and file capabilities give nothing, as in PR_SET_NO_NEW_PRIVS(2const).");
    private static final Key<CapabilitySets> CAPABILITIES = Key.of(
            "capabilities",
            CapabilitiesShape.SHAPE,
            CapabilitySets.DOCKER_DEFAULT,
            Map.of(),
            "Capabilities: Docker's default set with changes, or five explicit sets.");
    private static final Key<Map<String, Rlimit>> RLIMITS = Key.of(
            "rlimits",
            RlimitsShape.SHAPE,
            Map.of(),
            "Limits of each process as in getrlimit(2): a number, unlimited, or {soft: ..., hard: ...}; others are as those of whoever starts it.");
    private static final Key<Long> OOM_SCORE_ADJ = Key.optional(
            "oomScoreAdj",
            ScalarShape.integer(-1000, 1000),
            "How likely the kernel picks it when memory is short, from -1000 (never) to 1000; the starter's by default.");
    private static final Key<Stdio> STDIN = Key.optional(
            "stdin",
            StdioShape.SHAPE,
            "Standard input: inherit, pipe, null (/dev/null), or a file with a slash in its path. Whoever starts it decides by default.");
    private static final Key<Stdio> STDOUT = Key.optional("stdout", StdioShape.SHAPE, "Standard output, likewise.");
    private static final Key<Stdio> STDERR = Key.optional("stderr", StdioShape.SHAPE, "Standard error, likewise.");

    static final Struct<ProcessSpec> SHAPE = Struct.section(
            List.of(
                    COMMAND,
                    USER,
                    GROUPS,
                    ENV,
                    CWD,
                    UMASK_KEY,
                    INIT,
                    TTY,
                    NO_NEW_PRIVILEGES,
                    CAPABILITIES,
                    RLIMITS,
                    OOM_SCORE_ADJ,
                    STDIN,
                    STDOUT,
                    STDERR),
            ProcessShape::read);

    private ProcessShape() {}

    private static ProcessSpec read(Fields fields) {
        User user = fields.get(USER);
        boolean tty = fields.get(TTY);
        for (Key<Stdio> stream : List.of(STDIN, STDOUT, STDERR)) {
            if (tty && fields.has(stream)) {
                throw fields.error(stream, "tty: true makes all three streams a terminal; remove one of the two");
            }
        }
        if (fields.find(STDIN) instanceof Stdio.File file && file.append()) {
            throw fields.error(STDIN, "append is for output; remove it");
        }
        return new ProcessSpec(
                command(fields),
                user.uid(),
                user.gid(),
                fields.get(GROUPS),
                environment(tty, fields.get(ENV)),
                fields.get(CWD),
                fields.get(UMASK_KEY),
                fields.get(INIT),
                tty,
                fields.get(NO_NEW_PRIVILEGES),
                fields.get(CAPABILITIES),
                fields.get(RLIMITS),
                intOrNull(fields.find(OOM_SCORE_ADJ)),
                fields.find(STDIN),
                fields.find(STDOUT),
                fields.find(STDERR));
    }

    private static List<String> command(Fields fields) {
        List<String> command = fields.get(COMMAND);
        if (command.get(0).isEmpty()) {
            throw fields.error(COMMAND, "the program is an empty text; name it, as in [sh, -c, \"echo hello\"]");
        }
        return command;
    }

    private static Map<String, String> environment(boolean tty, Map<String, Optional<String>> env) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", PATH);
        environment.put("HOME", "/");
        if (tty) {
            environment.put("TERM", "xterm");
        }
        env.forEach((name, value) ->
                value.ifPresentOrElse(text -> environment.put(name, text), () -> environment.remove(name)));
        return environment;
    }

    private static int umask(String text) {
        if (!text.matches(UMASK_FORM)) {
            throw new IllegalArgumentException(
                    Quoted.of(text) + " is not a file mode mask; write up to three octal digits, as in \"022\"");
        }
        return Integer.parseInt(text, 8);
    }

    private static @Nullable Integer intOrNull(@Nullable Long value) {
        return value == null ? null : value.intValue();
    }

    /** Names and values; one without a value is taken away. */
    private static final class EnvironmentShape implements Shape<Map<String, Optional<String>>> {

        private static final MapShape<String> VARIABLES = new MapShape<>(
                ScalarShape.matching("the name of a variable", "LANG", "[^=\\u0000]+"),
                ScalarShape.text("text", "LANG: C.UTF-8, with \"\" for an empty value"));

        @Override
        public Map<String, Optional<String>> read(Node node) {
            return VARIABLES.readAll(node);
        }

        @Override
        public Map<String, Object> schema() {
            return VARIABLES.schema();
        }
    }
}
