package dev.caisson.cgroupv1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @ParameterizedTest
    @CsvSource({"/,''", ",''", "/machines,/machines", "/user.slice/a..b,/user.slice/a..b"})
    void takesAnAbsolutePath(String parent, String suffix) {
        assertEquals(suffix, new Options(parent, null).suffix());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "machines", "/a/", "//a", "/../a", "/a/..", "/./a"})
    void refusesOthers(String parent) {
        assertThrows(IllegalArgumentException.class, () -> new Options(parent, null));
    }
}
