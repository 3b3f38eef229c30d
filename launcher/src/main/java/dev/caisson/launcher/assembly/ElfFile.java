package dev.caisson.launcher.assembly;

import dev.caisson.program.Architecture;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes a static ELF64 executable: headers and data, then code, then zeroed room that takes no place in the file.
 *
 * <p>Data come first, so that their addresses are known while the code is being written. Segments are congruent to their file offsets
 * modulo 64 KiB, the largest page size that aarch64 kernels use.
 */
final class ElfFile {

    /** The size of the ELF header and the four program headers. */
    static final int HEADERS = 64 + 4 * 56;

    private static final long CODE = 0x400000L;
    private static final int ALIGNMENT = 0x10000;
    private static final int PT_LOAD = 1;
    private static final int PT_GNU_STACK = 0x6474e551;
    private static final int READ_EXECUTE = 5;
    private static final int READ_WRITE = 6;

    private ElfFile() {}

    static byte[] write(Machine machine, Memory memory) {
        byte[] data = memory.data();
        int codeOffset = (HEADERS + data.length + 15) & ~15;
        int codeSize = machine.here();
        long entry = CODE + codeOffset % ALIGNMENT;

        ByteBuffer headers = ByteBuffer.allocate(HEADERS).order(ByteOrder.LITTLE_ENDIAN);
        headers.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        headers.putShort((short) 2) // ET_EXEC
                .putShort((short) (machine.architecture() == Architecture.X86_64 ? 62 : 183))
                .putInt(1)
                .putLong(entry)
                .putLong(64) // program headers follow
                .putLong(0) // no sections
                .putInt(0)
                .putShort((short) 64)
                .putShort((short) 56)
                .putShort((short) 4)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0);
        segment(headers, PT_LOAD, READ_EXECUTE, codeOffset, entry, codeSize, codeSize);
        segment(headers, PT_LOAD, READ_WRITE, 0, Memory.DATA, HEADERS + data.length, HEADERS + data.length);
        segment(headers, PT_LOAD, READ_WRITE, 0, Memory.ROOM, 0, memory.roomSize());
        segment(headers, PT_GNU_STACK, READ_WRITE, 0, 0, 0, 0);

        ByteArrayOutputStream file = new ByteArrayOutputStream(codeOffset + codeSize);
        file.writeBytes(headers.array());
        file.writeBytes(data);
        file.writeBytes(new byte[codeOffset - HEADERS - data.length]);
        machine.writeTo(file);
        return file.toByteArray();
    }

    private static void segment(
            ByteBuffer headers, int type, int rights, long offset, long address, long fileSize, long memorySize) {
        headers.putInt(type)
                .putInt(rights)
                .putLong(offset)
                .putLong(address)
                .putLong(address)
                .putLong(fileSize)
                .putLong(memorySize)
                .putLong(type == PT_LOAD ? ALIGNMENT : 16);
    }
}
