package dev.caisson.engine.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** As much of a JSON Schema validator as the profile's schema needs; a keyword that it does not know is an error. */
final class MiniValidator {

    private static final Set<String> SAYS_NOTHING =
            Set.of("description", "default", "title", "$schema", "$id", "$defs");

    private final JsonNode root;

    MiniValidator(JsonNode root) {
        this.root = root;
    }

    boolean accepts(JsonNode value) {
        return accepts(root, value);
    }

    private boolean accepts(JsonNode schema, JsonNode value) {
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            if (!SAYS_NOTHING.contains(keyword.getKey())
                    && !accepts(keyword.getKey(), keyword.getValue(), schema, value)) {
                return false;
            }
        }
        return true;
    }

    private boolean accepts(String keyword, JsonNode argument, JsonNode schema, JsonNode value) {
        return switch (keyword) {
            case "$ref" -> accepts(root.at(argument.asText().substring(1)), value);
            case "type" ->
                argument.isArray() ? any(argument, type -> is(type.asText(), value)) : is(argument.asText(), value);
            case "enum" -> any(argument, value::equals);
            case "const" -> argument.equals(value);
            case "anyOf" -> any(argument, option -> accepts(option, value));
            case "pattern" ->
                !value.isTextual()
                        || Pattern.compile(argument.asText())
                                .matcher(value.asText())
                                .find();
            case "minimum" -> !value.isNumber() || value.asDouble() >= argument.asDouble();
            case "maximum" -> !value.isNumber() || value.asDouble() <= argument.asDouble();
            case "items" -> !value.isArray() || !any(value, item -> !accepts(argument, item));
            case "minItems" -> !value.isArray() || value.size() >= argument.asInt();
            case "minProperties" -> !value.isObject() || value.size() >= argument.asInt();
            case "maxProperties" -> !value.isObject() || value.size() <= argument.asInt();
            case "required" -> !value.isObject() || !any(argument, name -> !value.has(name.asText()));
            case "propertyNames" -> !value.isObject() || names(value, name -> accepts(argument, name));
            case "properties" ->
                !value.isObject()
                        || names(
                                value,
                                name -> !argument.has(name.asText())
                                        || accepts(argument.get(name.asText()), value.get(name.asText())));
            case "additionalProperties" ->
                !value.isObject()
                        || names(
                                value,
                                name -> schema.path("properties").has(name.asText())
                                        || (argument.isObject() && accepts(argument, value.get(name.asText()))));
            default -> throw new IllegalArgumentException("unknown keyword " + keyword);
        };
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            default -> throw new IllegalArgumentException("unknown type " + type);
        };
    }

    private static boolean any(Iterable<JsonNode> nodes, Predicate<JsonNode> test) {
        for (JsonNode node : nodes) {
            if (test.test(node)) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(JsonNode object, Predicate<JsonNode> test) {
        for (Map.Entry<String, JsonNode> property : object.properties()) {
            if (!test.test(TextNode.valueOf(property.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
