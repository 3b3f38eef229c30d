package dev.caisson.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuListTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0", "1,0|0-1", "6,0-3|0-3,6", "2,2,2|2", "0-1,1-4|0-4", "0,2,4|0,2,4", "8191|8191"})
    void printsAsTheKernelDoes(String written, String printed) {
        assertEquals(printed, CpuList.parse(written).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "all", "0,", "-1", "3-1", "0-8192", "0 1", "0-31:2/8"})
    void refusesOtherTexts(String text) {
        assertThrows(IllegalArgumentException.class, () -> CpuList.parse(text));
    }
}
