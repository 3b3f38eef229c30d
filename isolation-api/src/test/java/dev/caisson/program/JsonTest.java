package dev.caisson.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    private static final ObjectMapper PARSER = new ObjectMapper();

    @Test
    void everyCharacterComesBack() throws JsonProcessingException {
        for (int code = 0; code <= Character.MAX_CODE_POINT; code += code < 0x3000 ? 1 : 0x101) {
            if (code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE) {
                String text = "a" + Character.toString(code) + "b";
                assertEquals(text, PARSER.readValue(Json.write(text), String.class));
            }
        }
    }

    @Test
    void aLineStaysALine() {
        for (char c = 0; c < 0x20; c++) {
            assertEquals(1, Json.quote("x" + c + "y").lines().count(), () -> "a control character is written as it is");
        }
        assertEquals("\"a\\nb\\tc\\\\d\\\"e\\u0000\\u007f\"", Json.quote("a\nb\tc\\d\"e\0\u007f"));
    }

    @Test
    void treesComeBack() throws JsonProcessingException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("list", new ArrayList<>(Arrays.asList(1, true, null, "text", List.of(), Map.of())));
        tree.put("a \"key\"", Map.of("inner", -5));
        tree.put("nothing", null);
        assertEquals(tree, PARSER.readValue(Json.write(tree), Map.class));
    }

    @Test
    void isIndentedForPeople() {
        assertEquals("""
                {
                  "a": [
                    1,
                    "b"
                  ],
                  "c": {}
                }
                """, Json.write(map("a", List.of(1, "b"), "c", Map.of())));
    }

    private static Map<String, Object> map(String one, Object first, String two, Object second) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(one, first);
        map.put(two, second);
        return map;
    }
}
