package dev.caisson.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17b, 17",
        "64k, 65536",
        "64KiB, 65536",
        "128MiB, 134217728",
        "2g, 2147483648",
        "1TiB, 1099511627776"
    })
    void unitsArePowersOf1024(String text, long bytes) {
        assertEquals(bytes, Size.parse(text).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1.5GiB", "12x", "12 MiB", "9223372036854775808", "9999999999999g"})
    void refusesWhatIsNoSize(String text) {
        assertThrows(IllegalArgumentException.class, () -> Size.parse(text));
    }

    @Test
    void refusesAUnitWithTwoMeanings() {
        String message = assertThrows(IllegalArgumentException.class, () -> Size.parse("128MB"))
                .getMessage();
        assertEquals("\"128MB\" may mean powers of 1000 or of 1024; write 128MiB for 1024", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1000", "1KiB", "1025KiB", "128MiB", "3TiB", "4096TiB"})
    void printsWhatItReads(String text) {
        assertEquals(text, Size.parse(text).toString());
    }
}
