package dev.caisson.launcher.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.launcher.ProgramBuilder;
import dev.caisson.program.Architecture;
import dev.caisson.program.Argument;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Looks at the executable as binutils sees it. */
class ElfFileTest {

    /** TYPE OFFSET VIRTADDR PHYSADDR FILESIZ MEMSIZ FLAGS ALIGN, as readelf --wide prints a program header. */
    private static final Pattern SEGMENT = Pattern.compile(
            "^  (LOAD|GNU_STACK) +0x([0-9a-f]+) 0x([0-9a-f]+) 0x[0-9a-f]+ "
                    + "0x([0-9a-f]+) 0x([0-9a-f]+) ([RWE ]{3}) 0x([0-9a-f]+)$",
            Pattern.MULTILINE);

    private static final int LARGEST_PAGE = 0x10000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void noMemoryIsWritableAndExecutable(Architecture architecture) throws Exception {
        for (LaunchProgram program : List.of(small(), typical(), large())) {
            Matcher segments = SEGMENT.matcher(readelf(program, architecture));
            StringBuilder rights = new StringBuilder();
            long end = 0;
            while (segments.find()) {
                String right = segments.group(6);
                rights.append(right.replace(" ", "")).append(' ');
                assertFalse(right.contains("W") && right.contains("E"), segments.group());
                if (segments.group(1).equals("LOAD")) {
                    long offset = Long.parseLong(segments.group(2), 16);
                    long address = Long.parseLong(segments.group(3), 16);
                    assertEquals(0, (address - offset) % LARGEST_PAGE, segments.group());
                    assertEquals(LARGEST_PAGE, Long.parseLong(segments.group(7), 16));
                    assertTrue(address / LARGEST_PAGE > end / LARGEST_PAGE, "no page with rights of two segments");
                    end = address + Long.parseLong(segments.group(5), 16);
                }
            }
            assertEquals("RE RW RW RW ", rights.toString()); // the last is the stack
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void isSmall(Architecture architecture) {
        assertTrue(size(small(), architecture) < 4 * 1024, size(small(), architecture) + " bytes");
        assertTrue(size(typical(), architecture) < 20 * 1024, size(typical(), architecture) + " bytes");
    }

    @ParameterizedTest
    @EnumSource(names = {"X86_64", "AARCH64"})
    void isTheSameEachTime(Architecture architecture) {
        assertEquals(
                ByteBuffer.wrap(Assembler.assemble(typical(), architecture).elf()),
                ByteBuffer.wrap(Assembler.assemble(typical(), architecture).elf()));
    }

    private static int size(LaunchProgram program, Architecture architecture) {
        return Assembler.assemble(program, architecture).elf().length;
    }

    private String readelf(LaunchProgram program, Architecture architecture) throws Exception {
        Path file = Files.write(
                directory.resolve("program"),
                Assembler.assemble(program, architecture).elf());
        Process readelf = new ProcessBuilder(
                        Emulation.find("readelf", "binutils").toString(),
                        "--file-header",
                        "--segments",
                        "--wide",
                        "" + file)
                .redirectErrorStream(true)
                .start();
        String text = new String(readelf.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, readelf.waitFor(), text);
        assertFalse(text.contains("Warning") || text.contains("Error"), text);
        assertTrue(text.contains("EXEC (Executable file)"), text);
        return text;
    }

    private static LaunchProgram small() {
        return new ProgramBuilder()
                .teardown(ProgramBuilder.rmdir(Path.of("/none")))
                .program();
    }

    /** A hundred steps, as a container with all its namespaces has. */
    private static LaunchProgram typical() {
        ProgramBuilder builder = new ProgramBuilder();
        for (int i = 0; i < 15; i++) {
            String file = "/sys/fs/cgroup/caisson/0123456789ab/limit" + i;
            builder.setup(Step.write(file, "134217728"), Step.expect(file, "134217728"));
        }
        builder.supervised();
        for (int i = 0; i < 65; i++) {
            Argument path = Argument.text("proc/" + i);
            builder.child(Step.of("mount", Op.call("mount", path, path, path, Argument.flags("MS_BIND"), path)));
        }
        return builder.child(
                        Step.of("fork", new Op.ForkInit()),
                        Step.of("run", new Op.Exec(List.of("/bin/a", "/usr/bin/a"), List.of("a"), Map.of("A", "B"))))
                .program();
    }

    private static LaunchProgram large() {
        ProgramBuilder builder = new ProgramBuilder();
        for (int i = 0; i < 1000; i++) {
            builder.setup(ProgramBuilder.mkdir(Path.of("/" + "x".repeat(100) + i)));
        }
        return builder.program();
    }
}
