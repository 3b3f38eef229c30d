package dev.caisson.engine.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes nodes of plain Java values: strings, numbers, booleans, lists and maps. */
final class TreeBuilder {

    private TreeBuilder() {}

    /** The node of a value, all written at one place. */
    static Node node(Object value, Mark mark) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Node.Entry> entries = new LinkedHashMap<>();
            map.forEach((key, item) -> {
                String name = String.valueOf(key);
                entries.put(name, new Node.Entry(mark, node(item, mark.key(name))));
            });
            return new Node.Mapping(mark, entries);
        }
        if (value instanceof List<?> list) {
            List<Node> items = new ArrayList<>();
            list.forEach(item -> items.add(node(item, mark.item(items.size()))));
            return new Node.Sequence(mark, items);
        }
        return new Node.Scalar(mark, kind(value), String.valueOf(value));
    }

    private static Node.Kind kind(Object value) {
        if (value instanceof Boolean) {
            return Node.Kind.BOOLEAN;
        }
        if (value instanceof Integer || value instanceof Long) {
            return Node.Kind.INTEGER;
        }
        return value instanceof Number ? Node.Kind.DECIMAL : Node.Kind.STRING;
    }
}
