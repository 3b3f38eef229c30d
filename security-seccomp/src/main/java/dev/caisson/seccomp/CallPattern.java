package dev.caisson.seccomp;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which calls of one system call are meant: those for which all of the conditions hold.
 *
 * @param syscall the system call's name, as in syscalls(2); where an architecture lacks it, the pattern means nothing
 * @param conditions the conditions on its arguments; none always holds
 */
public record CallPattern(String syscall, List<Condition> conditions) {

    public CallPattern {
        conditions = List.copyOf(conditions);
    }

    /**
     * Reads a pattern: a name, and in parentheses what the arguments must be.
     *
     * <pre>
     * pattern   = name [ "(" condition { "&amp;&amp;" condition } ")" ]
     * condition = argument [ "&amp;" number ] operator number
     * argument  = "arg0" | "arg1" | "arg2" | "arg3" | "arg4" | "arg5"
     * operator  = "==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;="
     * number    = [ "-" ] ( decimal | "0x" hexadecimal | "0o" octal )
     * </pre>
     *
     * <p>The mask after {@code &} is applied before the comparison, which is of unsigned numbers. An argument is what
     * the kernel takes of it: of one that it declares as int only the low half counts, so {@code socket(arg0 != 40)}
     * cannot be got round with a high half.
     *
     * @throws IllegalArgumentException if the text is something else, or no architecture has a call of this name
     */
    public static CallPattern parse(String text) {
        CallPatternParser parser = new CallPatternParser(text);
        CallPattern pattern = parser.pattern();
        parser.end();
        return pattern;
    }

    /** Whether it means every call of its system call. */
    public boolean isUnconditional() {
        return conditions.isEmpty();
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        return conditions.isEmpty()
                ? syscall
                : conditions.stream().map(this::text).collect(Collectors.joining(" && ", syscall + "(", ")"));
    }

    private String text(Condition condition) {
        boolean whole = condition.mask() == SystemCalls.mask(syscall, condition.argument());
        return "arg" + condition.argument()
                + (whole ? "" : " & " + Condition.number(condition.mask()))
                + " " + condition.operator()
                + " " + Condition.number(condition.value());
    }
}
