package dev.caisson.engine.profile;

import java.util.List;
import java.util.Map;

/**
 * A list.
 *
 * @param item how its items are written
 * @param minimum how many there must be
 * @param example how one looks
 */
record ListShape<T>(Shape<T> item, int minimum, String example) implements Shape<List<T>> {

    @Override
    public List<T> read(Node node) {
        if (!(node instanceof Node.Sequence sequence)) {
            throw node.mark().error("expected a list, found " + node.describe() + "; write it as " + example);
        }
        if (sequence.items().size() < minimum) {
            throw node.mark().error("an empty list; name at least one, as in " + example);
        }
        return sequence.items().stream().map(item::read).toList();
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = Schemas.of("type", "array", "items", item.schema());
        if (minimum > 0) {
            schema.put("minItems", minimum);
        }
        return schema;
    }
}
