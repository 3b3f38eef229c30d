package dev.caisson.engine.profile;

/** Text from a profile, made fit for an error of one line on a terminal. */
final class Quoted {

    private static final int LONGEST = 60;

    private Quoted() {}

    /** In double quotes, shortened if it is long. */
    static String of(String text) {
        return '"' + shortened(text) + '"';
    }

    /** Without quotes, shortened if it is long. */
    static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST
                ? line(text)
                : line(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + "...";
    }

    /** With escapes for what would break the line or command the terminal. */
    static String line(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                line.append("\\n");
            } else if (c == '\t') {
                line.append("\\t");
            } else if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                    || Character.getType(c) == Character.SURROGATE) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }
}
