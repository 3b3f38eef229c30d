package dev.caisson.engine.profile;

import java.util.Map;
import java.util.function.Function;

/**
 * A shape whose value is made into another; an {@link IllegalArgumentException} is an error at its place.
 *
 * @param shape how it is written
 * @param convert what is made of it
 */
record Converted<S, T>(Shape<S> shape, Function<S, T> convert) implements Shape<T> {

    @Override
    public T read(Node node) {
        S value = shape.read(node);
        try {
            return convert.apply(value);
        } catch (IllegalArgumentException e) {
            throw node.mark().error(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Map<String, Object> schema() {
        return shape.schema();
    }
}
