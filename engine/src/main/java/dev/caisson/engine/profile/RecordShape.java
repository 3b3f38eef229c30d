package dev.caisson.engine.profile;

import dev.caisson.api.BackendException;
import dev.caisson.api.ProfileException;
import dev.caisson.api.Size;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes shapes of backends' records, as {@link dev.caisson.api.Settings} promises: the components are the keys. */
final class RecordShape {

    private RecordShape() {}

    /** The shape of a record. One with a text of its own need not have components that a profile can name. */
    static <T extends Record> Shape<T> of(Class<T> type) {
        return parseMethod(type)
                .<Shape<T>>map(parse -> new TextOrStruct<>(type, parse))
                .orElseGet(() -> struct(type));
    }

    private static <T extends Record> Struct<T> struct(Class<T> type) {
        List<Key<?>> keys = Arrays.stream(type.getRecordComponents())
                .<Key<?>>map(RecordShape::key)
                .toList();
        return Struct.section(keys, fields -> instance(type, keys, fields));
    }

    private static Key<?> key(RecordComponent component) {
        String name = component.getName();
        String key = name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
        try {
            Shape<?> shape = shape(component.getGenericType());
            return new Key<>(key, shape, "", null, null, "");
        } catch (IllegalArgumentException e) {
            throw new BackendException(
                    component.getDeclaringRecord().getName() + ": component " + name + " has type "
                            + component.getGenericType()
                            + ", to which no setting can be bound; Settings says which can",
                    e);
        }
    }

    /** The shape of a type; a mapping of nothing, an empty list and so on are what is read when the key is not there. */
    private static Shape<?> shape(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Type raw = generic.getRawType();
            if (raw == List.class) {
                return list(shape(arguments[0]));
            }
            if (raw == Set.class) {
                return new Converted<>(list(shape(arguments[0])), LinkedHashSet::new);
            }
            if (raw == Map.class && arguments[0] == String.class) {
                return new MapShape<>(ScalarShape.text("a key", "text"), shape(arguments[1]));
            }
        } else if (type instanceof Class<?> plain) {
            return plain(plain);
        }
        throw new IllegalArgumentException(type.getTypeName());
    }

    private static Shape<?> plain(Class<?> type) {
        if (type == String.class) {
            return ScalarShape.text("text", "one value");
        }
        if (type == Boolean.class) {
            return ScalarShape.bool();
        }
        if (type == Integer.class) {
            return new Converted<>(ScalarShape.integer(Integer.MIN_VALUE, Integer.MAX_VALUE), Long::intValue);
        }
        if (type == Long.class) {
            return ScalarShape.integer(Long.MIN_VALUE, Long.MAX_VALUE);
        }
        if (type == Double.class) {
            return ScalarShape.decimal(-Double.MAX_VALUE, Double.MAX_VALUE, "0.5");
        }
        if (type == Duration.class) {
            return ScalarShape.duration(true);
        }
        if (type == Size.class) {
            return ScalarShape.size(0);
        }
        if (type == Path.class) {
            return PathShape.ANY;
        }
        if (type.isEnum()) {
            return ScalarShape.constant(type);
        }
        if (type.isRecord()) {
            return of(type.asSubclass(Record.class));
        }
        throw new IllegalArgumentException(type.getTypeName());
    }

    private static ListShape<?> list(Shape<?> item) {
        return new ListShape<>(item, 0, "[one, two]");
    }

    private static <T extends Record> T instance(Class<T> type, List<Key<?>> keys, Fields fields) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < values.length; i++) {
            Object value = fields.find(keys.get(i));
            values[i] = value == null ? absent(components[i].getType()) : value;
        }
        return called(type, () -> {
            Constructor<T> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        });
    }

    private static @Nullable Object absent(Class<?> type) {
        if (type == List.class) {
            return List.of();
        }
        if (type == Set.class) {
            return Set.of();
        }
        return type == Map.class ? Map.of() : null;
    }

    private static Optional<Method> parseMethod(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals("parse")
                        && Modifier.isStatic(method.getModifiers())
                        && Modifier.isPublic(method.getModifiers())
                        && method.getReturnType() == type
                        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}))
                .findFirst();
    }

    /** Calls the backend's code: what it refuses is the profile's fault, anything else its own. */
    private static <T> T called(Class<T> type, Reflection<T> call) {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            if (e.getCause() instanceof ProfileException refused) {
                throw refused;
            }
            throw new BackendException(
                    type.getName() + " cannot be made of what a profile may say: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new BackendException(type.getName() + " cannot be made: " + e, e);
        }
    }

    private interface Reflection<T> {
        T run() throws ReflectiveOperationException;
    }

    /** A record that has a text of its own, beside its keys. */
    private record TextOrStruct<T extends Record>(Class<T> type, Method parse) implements Shape<T> {

        @Override
        public T read(Node node) {
            return node instanceof Node.Scalar
                    ? text().read(node)
                    : struct(type).read(node);
        }

        private ScalarShape<T> text() {
            return new ScalarShape<>(
                    "text",
                    "one value",
                    ScalarShape.ANY,
                    text -> called(type, () -> {
                        parse.setAccessible(true);
                        return type.cast(parse.invoke(null, text));
                    }),
                    Schemas.TEXT);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.anyOf(List.of(Schemas.TEXT, struct(type).schema()));
        }
    }
}
