package dev.caisson.program;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a tree of maps, collections, strings, numbers, booleans and nulls as JSON (RFC 8259), indented by two spaces. */
public final class Json {

    private Json() {}

    /** The tree as JSON text. */
    public static String write(@Nullable Object tree) {
        StringBuilder text = new StringBuilder();
        write(tree, "\n", text);
        return text.append('\n').toString();
    }

    /** A string in double quotes, with what JSON cannot hold escaped. */
    public static String quote(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.chars().forEach(c -> {
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        text.append("\\u%04x".formatted(c));
                    } else {
                        text.append((char) c);
                    }
                }
            }
        });
        return text.append('"').toString();
    }

    private static void write(@Nullable Object tree, String newline, StringBuilder text) {
        if (tree instanceof Map<?, ?> map) {
            Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
            text.append('{');
            while (entries.hasNext()) {
                Map.Entry<?, ?> entry = entries.next();
                text.append(newline)
                        .append("  ")
                        .append(quote(String.valueOf(entry.getKey())))
                        .append(": ");
                write(entry.getValue(), newline + "  ", text);
                text.append(entries.hasNext() ? "," : newline);
            }
            text.append('}');
        } else if (tree instanceof Collection<?> list) {
            Iterator<?> items = list.iterator();
            text.append('[');
            while (items.hasNext()) {
                text.append(newline).append("  ");
                write(items.next(), newline + "  ", text);
                text.append(items.hasNext() ? "," : newline);
            }
            text.append(']');
        } else if (tree instanceof String string) {
            text.append(quote(string));
        } else {
            text.append(tree);
        }
    }
}
