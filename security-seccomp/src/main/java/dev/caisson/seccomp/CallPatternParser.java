package dev.caisson.seccomp;

import dev.caisson.program.Errno;
import java.util.ArrayList;
import java.util.List;

/** Reads the patterns of a text, one after the other, as {@link CallPattern#parse} describes them. */
final class CallPatternParser {

    private static final List<String> ARGUMENTS = List.of("arg0", "arg1", "arg2", "arg3", "arg4", "arg5");

    /** All operators, the longer before those that they start with. */
    private static final List<Operator> OPERATORS =
            List.of(Operator.EQ, Operator.NE, Operator.LE, Operator.GE, Operator.LT, Operator.GT);

    private static final String AN_ARGUMENT = "an argument, arg0 to arg5";
    private static final String A_NUMBER = "a number such as 40, 0x28 or 0o50";

    private final String text;
    private int position;

    /** Reads a text. */
    CallPatternParser(String text) {
        this.text = text;
        skipSpace();
    }

    /** Whether everything has been read. */
    boolean atEnd() {
        return position == text.length();
    }

    /** Reads a pattern. */
    CallPattern pattern() {
        int start = position;
        String name = word("the name of a system call");
        if (!SystemCalls.exist(name)) {
            throw error(
                    start,
                    "there is no system call " + name
                            + SystemCalls.nearest(name)
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse(""));
        }
        return new CallPattern(name, accept("(") ? conditions(name) : List.of());
    }

    /** Reads the name of an error. */
    Errno errno() {
        int start = position;
        String name = word("the name of an error");
        return Action.errnoNamed(name).orElseThrow(() -> error(start, "there is no error " + name + "; see errno(3)"));
    }

    /** Complains if something is left. */
    void end() {
        if (!atEnd()) {
            throw expected("nothing more");
        }
    }

    private String word(String what) {
        int start = position;
        while (!atEnd() && isWordCharacter(text.charAt(position))) {
            position++;
        }
        if (position == start) {
            throw expected(what);
        }
        String word = text.substring(start, position);
        skipSpace();
        return word;
    }

    private List<Condition> conditions(String name) {
        List<Condition> conditions = new ArrayList<>();
        do {
            conditions.add(condition(name));
        } while (accept("&&"));
        if (!accept(")")) {
            throw expected("&& or )");
        }
        return conditions;
    }

    private Condition condition(String name) {
        int argument = argument();
        long taken = SystemCalls.mask(name, argument);
        int start = position;
        long mask = accept("&") ? number(name, argument, taken) : taken;
        if (mask == 0) {
            throw error(start, "a mask of 0 leaves nothing to compare");
        }
        Operator operator = operator();
        start = position;
        long value = number(name, argument, taken);
        if ((value & ~mask) != 0) {
            throw error(start, Condition.number(value) + " has bits outside the mask " + Condition.number(mask));
        }
        return new Condition(argument, mask, operator, value);
    }

    private int argument() {
        int start = position;
        int argument = ARGUMENTS.indexOf(word(AN_ARGUMENT));
        if (argument < 0) {
            position = start;
            throw expected(AN_ARGUMENT);
        }
        return argument;
    }

    private Operator operator() {
        for (Operator operator : OPERATORS) {
            if (accept(operator.toString())) {
                return operator;
            }
        }
        throw expected("&, ==, !=, <, <=, > or >=");
    }

    /** Reads a number, and makes sure that it fits into the bits that the kernel takes of an argument. */
    private long number(String name, int argument, long taken) {
        int start = position;
        boolean negative = accept("-");
        String digits = word(A_NUMBER);
        long number = unsigned(start, digits);
        long limit = negative ? (taken >>> 1) + 1 : taken;
        if (Long.compareUnsigned(number, limit) > 0) {
            throw error(
                    start,
                    "of arg" + argument + " of " + name + " the kernel takes " + Long.bitCount(taken) + " bits, "
                            + (negative ? "-" : "") + digits + " has more");
        }
        return (negative ? -number : number) & taken;
    }

    private long unsigned(int start, String digits) {
        try {
            if (digits.startsWith("0x")) {
                return Long.parseUnsignedLong(digits.substring(2), 16);
            } else if (digits.startsWith("0o")) {
                return Long.parseUnsignedLong(digits.substring(2), 8);
            } else if (digits.startsWith("0") && digits.length() > 1) {
                throw new NumberFormatException("octal or decimal?");
            }
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw error(start, "expected " + A_NUMBER + " with at most 64 bits, found " + digits);
        }
    }

    /** Reads a symbol, if it is what comes next. */
    private boolean accept(String symbol) {
        if (!text.startsWith(symbol, position)) {
            return false;
        }
        position += symbol.length();
        skipSpace();
        return true;
    }

    private static boolean isWordCharacter(char character) {
        return character == '_'
                || (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9');
    }

    private void skipSpace() {
        while (!atEnd() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private IllegalArgumentException expected(String what) {
        return error(position, "expected " + what + (atEnd() ? "" : ", found " + text.substring(position)));
    }

    private IllegalArgumentException error(int at, String problem) {
        return new IllegalArgumentException("\"" + text + "\", column " + (at + 1) + ": " + problem);
    }
}
