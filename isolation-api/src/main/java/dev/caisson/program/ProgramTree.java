package dev.caisson.program;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A launch program as a tree of maps, lists, strings, numbers and booleans, and back: what {@link Json} writes and any JSON reader
 * returns.
 *
 * <p>A program is records all the way down, so one rule for records serves them all: a map of its components, and {@code "is"} with the
 * record's name where a sealed interface leaves a choice. Sets and maps, which have no order of their own, are sorted: one program has one
 * text.
 */
public final class ProgramTree {

    private ProgramTree() {}

    /** The program as a tree. */
    public static Object write(LaunchProgram program) {
        return Objects.requireNonNull(tree(program));
    }

    /** The program that a tree holds; an exception if it holds none. */
    public static LaunchProgram read(Object tree) {
        try {
            return (LaunchProgram) Objects.requireNonNull(value(LaunchProgram.class, tree));
        } catch (ReflectiveOperationException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException("not a launch program: " + e.getMessage(), e);
        }
    }

    private static @Nullable Object tree(@Nullable Object value) {
        if (value instanceof Record record) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            if (record.getClass().getInterfaces().length > 0) {
                map.put("is", record.getClass().getSimpleName());
            }
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                try {
                    map.put(component.getName(), tree(component.getAccessor().invoke(record)));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("a record's component cannot be read: " + component, e);
                }
            }
            return map;
        } else if (value instanceof Set<?> set) {
            return set.stream().map(ProgramTree::tree).sorted().toList();
        } else if (value instanceof Collection<?> collection) {
            return collection.stream().map(ProgramTree::tree).toList();
        } else if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> strings = new TreeMap<>();
            map.forEach((key, item) -> strings.put(String.valueOf(key), tree(item)));
            return strings;
        } else if (value instanceof Optional<?> optional) {
            return tree(optional.orElse(null));
        } else if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        } else if (value instanceof Enum<?> || value instanceof Duration) {
            return value instanceof Enum<?> constant ? constant.name() : value.toString();
        }
        return value;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static @Nullable Object value(Type type, @Nullable Object tree) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            return container(generic, tree);
        }
        if (tree == null) {
            return null;
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isSealed()) {
            Object name = ((Map<?, ?>) tree).get("is");
            for (Class<?> permitted : raw.getPermittedSubclasses()) {
                if (permitted.getSimpleName().equals(name)) {
                    return value(permitted, tree);
                }
            }
            throw new IllegalArgumentException("not a launch program: no " + raw.getSimpleName() + " is a " + name);
        } else if (raw.isRecord()) {
            List<@Nullable Object> values = new ArrayList<>();
            for (RecordComponent component : raw.getRecordComponents()) {
                values.add(value(component.getGenericType(), ((Map<?, ?>) tree).get(component.getName())));
            }
            Class<?>[] types = Arrays.stream(raw.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            try {
                return raw.getDeclaredConstructor(types).newInstance(values.toArray());
            } catch (InvocationTargetException e) {
                throw new IllegalArgumentException(e.getCause());
            }
        } else if (raw.isEnum()) {
            return Enum.valueOf((Class<? extends Enum>) raw, (String) tree);
        } else if (raw == Duration.class) {
            return Duration.parse((String) tree);
        } else if (raw == byte[].class) {
            return Base64.getDecoder().decode((String) tree);
        } else if (raw == int.class) {
            return ((Number) tree).intValue();
        } else if (raw == long.class) {
            return ((Number) tree).longValue();
        }
        return raw.cast(tree);
    }

    private static Object container(ParameterizedType type, @Nullable Object tree) throws ReflectiveOperationException {
        Type last = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
        if (type.getRawType() == Optional.class) {
            return Optional.ofNullable(value(last, tree));
        } else if (tree == null) {
            throw new IllegalArgumentException("a collection is missing");
        } else if (type.getRawType() == Map.class) {
            Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) tree).entrySet()) {
                map.put(value(type.getActualTypeArguments()[0], entry.getKey()), value(last, entry.getValue()));
            }
            return map;
        }
        Collection<@Nullable Object> items =
                type.getRawType() == List.class ? new ArrayList<>() : new LinkedHashSet<>();
        for (Object item : (Collection<?>) tree) {
            items.add(value(last, item));
        }
        return items;
    }
}
