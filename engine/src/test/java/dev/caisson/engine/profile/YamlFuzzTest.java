package dev.caisson.engine.profile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.ProfileException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.Test;

class YamlFuzzTest {

    private static final String CHARACTERS = "{}[]:,-?&*!|>'\"%@`#\\ \n\t\0~<=.0aZ\u00e9\u2028\ud83d\ude00";

    /** Whatever is in a profile: it is read, or there is one line about it. */
    @Test
    void everyTextIsReadOrRefusedInOneLine() throws IOException {
        String original = Files.readString(ProfileReaderTest.PROFILES.resolve("full.yaml"));
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            StringBuilder text = new StringBuilder(original);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(text.length());
                char c = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, c);
                    case 1 -> text.insert(at, c);
                    default -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                }
            }
            try {
                new ProfileReader().read(text.toString(), "fuzz.yaml", ProfileReaderTest.PROFILES.toAbsolutePath());
            } catch (ProfileException e) {
                assertTrue(
                        String.valueOf(e.getMessage()).matches("fuzz\\.yaml:[0-9]+:[0-9]+: [^\\p{Cntrl}]+"),
                        () -> e.getMessage() + "\nfrom:\n" + text);
            }
        }
    }
}
