package dev.caisson.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.program.Architecture;
import dev.caisson.program.Errno;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisassemblerTest {

    @Test
    void everyInstructionIsALineThatNamesWhatItCompares() {
        Policy policy = Policy.of(
                Action.ALLOW,
                List.of(
                        new Rule(CallPattern.parse("socket(arg0 == 38)"), Action.errno(Errno.EPERM)),
                        new Rule(CallPattern.parse("clone(arg0 & 0x7e020000 != 0)"), Action.KILL_PROCESS)));

        assertEquals(
                List.of(
                        "   0  load architecture",
                        "   1  if == 0xc000003e (x86-64) goto 2 else 12",
                        "   2  load number",
                        "   3  if >= 41 (socket) goto 4 else 13",
                        "   4  if >= 42 (connect) goto 5 else 6",
                        "   5  if == 56 (clone) goto 9 else 13",
                        "   6  load arg0",
                        "   7  if == 0x26 goto 8 else 13",
                        "   8  return errno EPERM",
                        "   9  load arg0",
                        "  10  and 0x7e020000",
                        "  11  if == 0 goto 13 else 12",
                        "  12  return kill",
                        "  13  return allow"),
                Disassembler.lines(FilterCompiler.compile(policy, Architecture.X86_64), Architecture.X86_64));
    }
}
