package dev.caisson.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProgramTreeTest {

    private static final ObjectMapper PARSER = new ObjectMapper();

    @Test
    void aProgramComesBackFromItsJson() throws JsonProcessingException {
        LaunchProgram program = EveryKind.program();
        String json = Json.write(ProgramTree.write(program));

        assertEquals(program, ProgramTree.read(PARSER.readValue(json, Map.class)));
    }

    /** Else the test above would show nothing of the kind that was added last. */
    @Test
    void thatProgramHasEveryKindInIt() throws JsonProcessingException {
        Set<String> found = new HashSet<>();
        collect(PARSER.readValue(Json.write(ProgramTree.write(EveryKind.program())), Map.class), found);

        Set<String> known = Stream.of(Op.class, Argument.class, OnFailure.class)
                .flatMap(kind -> Arrays.stream(kind.getPermittedSubclasses()))
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
        assertEquals(known, found);
    }

    @Test
    void oneProgramHasOneText() {
        assertEquals(
                List.of("A", "PATH"),
                List.copyOf(((Map<?, ?>) find(ProgramTree.write(EveryKind.program()), "environment"))
                        .keySet().stream().map(String::valueOf).toList()));
        assertEquals(List.of("MOUNT", "USER"), find(ProgramTree.write(EveryKind.program()), "namespaces"));
    }

    @Test
    void whatIsNoProgramIsRefused() throws JsonProcessingException {
        for (String text : List.of(
                "{}",
                "{\"lines\": 3}",
                "{\"lines\": [{\"section\": \"SETUP\", \"backend\": \"x\"}]}",
                "{\"lines\": [{\"section\": \"LATER\", \"backend\": \"x\", \"step\": {}}]}",
                "{\"lines\": [{\"section\": \"SETUP\", \"backend\": \"x\", \"step\": {\"description\": \"x\","
                        + " \"op\": {\"is\": \"Runtime\"}, \"onFailure\": {\"is\": \"Fail\"}, \"hints\": {}}}]}")) {
            Map<?, ?> tree = PARSER.readValue(text, Map.class);
            assertThrows(IllegalArgumentException.class, () -> ProgramTree.read(tree), text);
        }
    }

    private static void collect(Object tree, Set<String> kinds) {
        if (tree instanceof Map<?, ?> map) {
            if (map.get("is") instanceof String kind) {
                kinds.add(kind);
            }
            map.values().forEach(value -> collect(value == null ? "" : value, kinds));
        } else if (tree instanceof Collection<?> list) {
            list.forEach(item -> collect(item, kinds));
        }
    }

    /** The value of the first key of this name, depth first. */
    private static Object find(Object tree, String key) {
        List<Object> found = new ArrayList<>();
        find(tree, key, found);
        return found.get(0);
    }

    private static void find(Object tree, String key, List<Object> found) {
        if (tree instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (value != null) {
                    if (key.equals(name)) {
                        found.add(value);
                    }
                    find(value, key, found);
                }
            });
        } else if (tree instanceof Collection<?> list) {
            list.forEach(item -> find(item, key, found));
        }
    }
}
