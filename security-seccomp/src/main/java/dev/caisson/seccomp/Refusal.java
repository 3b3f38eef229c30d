package dev.caisson.seccomp;

import dev.caisson.program.Errno;

/**
 * Calls that fail, and the error that they return.
 *
 * @param calls the calls
 * @param error what they return
 */
public record Refusal(CallPattern calls, Errno error) {

    /**
     * Reads a pattern with an error after it, such as {@code clone3 ENOSYS}, or without, which is EPERM.
     *
     * @throws IllegalArgumentException if the text is something else
     */
    public static Refusal parse(String text) {
        CallPatternParser parser = new CallPatternParser(text);
        CallPattern calls = parser.pattern();
        Errno error = parser.atEnd() ? Errno.EPERM : parser.errno();
        parser.end();
        return new Refusal(calls, error);
    }

    @Override
    public String toString() {
        return calls + " " + error;
    }
}
