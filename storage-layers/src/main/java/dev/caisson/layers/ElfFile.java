package dev.caisson.layers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an ELF file says to the dynamic loader, as in elf(5).
 *
 * @param machine the processor, one of elf.h's EM_ numbers
 * @param wide whether it is of 64 bits
 * @param interpreter the loader that the kernel starts, if it names one
 * @param needed the libraries that it needs, by name
 * @param rpath where to look for them and for what they need in turn; ignored if there is a runpath
 * @param runpath where to look for them
 */
record ElfFile(
        int machine,
        boolean wide,
        Optional<String> interpreter,
        List<String> needed,
        List<String> rpath,
        List<String> runpath) {

    static final int I386 = 3;
    static final int X86_64 = 62;
    static final int AARCH64 = 183;

    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final long DT_NEEDED = 1;
    private static final long DT_STRTAB = 5;
    private static final long DT_RPATH = 15;
    private static final long DT_RUNPATH = 29;
    private static final int LONGEST_STRING = 4096;
    private static final int LARGEST_TABLE = 1 << 20;

    ElfFile {
        needed = List.copyOf(needed);
        rpath = List.copyOf(rpath);
        runpath = List.copyOf(runpath);
    }

    /** Whether one process can load both. */
    boolean fits(ElfFile other) {
        return machine == other.machine && wide == other.wide;
    }

    /** Reads a file's headers; empty if it is no ELF file. An ELF file that is damaged is an exception. */
    static Optional<ElfFile> read(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            ByteBuffer start = read(file, 0, (int) Math.min(64, file.size()));
            if (start.remaining() < 52 || start.getInt(0) != 0x7f454c46) {
                return Optional.empty();
            }
            return Optional.of(new Reader(file, start.get(4) == 2, start.get(5) == 2).elf(start));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw new IOException(path + " is a damaged ELF file", e);
        }
    }

    private static ByteBuffer read(FileChannel file, long offset, int length) throws IOException {
        if (length < 0 || length > LARGEST_TABLE) {
            throw new IllegalArgumentException("a table of " + length + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && file.read(buffer, offset + buffer.position()) > 0) {}
        return buffer.flip();
    }

    private record Segment(int type, long offset, long address, long size) {}

    /** Reads one file, whose words are wide or not and whose bytes are big-endian or not. */
    private record Reader(FileChannel file, boolean wide, boolean bigEndian) {

        ElfFile elf(ByteBuffer header) throws IOException {
            header.order(order());
            int machine = Short.toUnsignedInt(header.getShort(18));
            long table = word(header, wide ? 32 : 28);
            int entry = Short.toUnsignedInt(header.getShort(wide ? 54 : 42));
            int count = Short.toUnsignedInt(header.getShort(wide ? 56 : 44));
            ByteBuffer headers = read(file, table, entry * count).order(order());
            List<Segment> segments = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                segments.add(segment(headers, i * entry));
            }
            Optional<String> interpreter = Optional.empty();
            List<String> needed = new ArrayList<>();
            List<String> rpath = new ArrayList<>();
            List<String> runpath = new ArrayList<>();
            for (Segment segment : segments) {
                if (segment.type() == PT_INTERP) {
                    interpreter = Optional.of(string(segment.offset()));
                } else if (segment.type() == PT_DYNAMIC) {
                    List<long[]> entries = dynamic(segment);
                    long strings = fileOffset(segments, valueOf(entries, DT_STRTAB));
                    for (long[] tagged : entries) {
                        if (tagged[0] == DT_NEEDED) {
                            needed.add(string(strings + tagged[1]));
                        } else if (tagged[0] == DT_RPATH) {
                            rpath.addAll(List.of(string(strings + tagged[1]).split(":")));
                        } else if (tagged[0] == DT_RUNPATH) {
                            runpath.addAll(List.of(string(strings + tagged[1]).split(":")));
                        }
                    }
                }
            }
            return new ElfFile(machine, wide, interpreter, needed, rpath, runpath);
        }

        private Segment segment(ByteBuffer headers, int at) {
            return wide
                    ? new Segment(
                            headers.getInt(at),
                            headers.getLong(at + 8),
                            headers.getLong(at + 16),
                            headers.getLong(at + 32))
                    : new Segment(
                            headers.getInt(at), word(headers, at + 4), word(headers, at + 8), word(headers, at + 16));
        }

        private List<long[]> dynamic(Segment segment) throws IOException {
            ByteBuffer table = read(file, segment.offset(), Math.toIntExact(segment.size()))
                    .order(order());
            int size = wide ? 8 : 4;
            List<long[]> entries = new ArrayList<>();
            for (int at = 0; at + 2 * size <= table.limit() && word(table, at) != 0; at += 2 * size) {
                entries.add(new long[] {word(table, at), word(table, at + size)});
            }
            return entries;
        }

        private static long valueOf(List<long[]> entries, long tag) {
            return entries.stream()
                    .filter(entry -> entry[0] == tag)
                    .mapToLong(entry -> entry[1])
                    .findFirst()
                    .orElse(0);
        }

        /** Where the byte at a virtual address stands in the file. */
        private static long fileOffset(List<Segment> segments, long address) {
            return segments.stream()
                    .filter(segment -> segment.type() == PT_LOAD
                            && address >= segment.address()
                            && address < segment.address() + segment.size())
                    .mapToLong(segment -> segment.offset() + address - segment.address())
                    .findFirst()
                    .orElse(address);
        }

        private String string(long offset) throws IOException {
            ByteBuffer buffer = read(file, offset, LONGEST_STRING);
            int length = 0;
            while (buffer.get(length) != 0) {
                length++;
            }
            byte[] bytes = new byte[length];
            buffer.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private long word(ByteBuffer buffer, int at) {
            return wide ? buffer.getLong(at) : Integer.toUnsignedLong(buffer.getInt(at));
        }

        private ByteOrder order() {
            return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        }
    }
}
