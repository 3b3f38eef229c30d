package dev.caisson.launcher.assembly;

import dev.caisson.program.Architecture;
import dev.caisson.program.Argument;
import dev.caisson.program.Constants;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives everything that a program keeps in memory its address.
 *
 * <p>Three areas: data, which the executable brings; room, which starts as zeros; and one page that monitor, child and pid 1 share. Data
 * and room are the monitor's own, and the child has a copy as of the clone.
 */
final class Memory {

    /** Where data begin; the file's first byte lies here, so offsets in the file are offsets from here. */
    static final long DATA = 0x10000000L;

    /** Where room begins. */
    static final long ROOM = 0x18000000L;

    /** Where the shared page is mapped. */
    static final long SHARED = 0x20000000L;

    /** How large it is. */
    static final int SHARED_SIZE = 4096;

    private final Architecture architecture;
    private final int headers;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final Map<String, Long> strings = new HashMap<>();
    private final Map<String, Long> results = new HashMap<>();
    private int roomSize;
    private int sharedSize;

    Memory(Architecture architecture, int headers) {
        this.architecture = architecture;
        this.headers = headers;
    }

    /** The address of a string that ends in a zero byte. */
    long string(String value) {
        if (value.indexOf('\0') >= 0) { // the kernel would see less than what was checked
            throw new IllegalArgumentException(
                    "a string for the kernel cannot hold a zero byte: " + value.replace('\0', '?'));
        }
        return strings.computeIfAbsent(value, text -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return place(Arrays.copyOf(bytes, bytes.length + 1), 1);
        });
    }

    /** The address of bytes, aligned to eight. */
    long bytes(byte[] value) {
        return place(value, 8);
    }

    /** The address of words. */
    long words(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(buffer::putLong);
        return place(buffer.array(), 8);
    }

    /** The address of zeroed room, aligned to eight. */
    long room(int size) {
        long address = ROOM + roomSize;
        roomSize += (size + 7) & ~7;
        return address;
    }

    /** The address of a zeroed word. */
    long word() {
        return room(8);
    }

    /** The address of a zeroed word that monitor, child and pid 1 share. */
    long sharedWord() {
        if (sharedSize == SHARED_SIZE) {
            throw new IllegalStateException("the program shares more than " + SHARED_SIZE / 8 + " words");
        }
        long address = SHARED + sharedSize;
        sharedSize += 8;
        return address;
    }

    /** Gives a step's result its place. */
    long define(String result, boolean shared) {
        long address = shared ? sharedWord() : word();
        results.put(result, address);
        return address;
    }

    /** Where a step's result is. */
    long result(String name) {
        Long address = results.get(name);
        if (address == null) {
            throw new IllegalArgumentException("no step returns \"" + name + "\"");
        }
        return address;
    }

    /**
     * Turns an argument into an operand. What depends on an earlier result is completed by code that {@code machine} gets, so this comes
     * before the system call that uses the operand.
     */
    Operand operand(Argument argument, Machine machine) {
        if (argument instanceof Argument.Word word) {
            return Operand.of(word.value());
        } else if (argument instanceof Argument.Flags flags) {
            return Operand.of(Constants.value(flags.names(), architecture));
        } else if (argument instanceof Argument.Text text) {
            return Operand.of(string(text.value()));
        } else if (argument instanceof Argument.Bytes bytes) {
            return Operand.of(bytes(bytes.value()));
        } else if (argument instanceof Argument.Room room) {
            return Operand.of(room(room.size()));
        } else if (argument instanceof Argument.Result result) {
            return Operand.word(result(result.name()));
        } else if (argument instanceof Argument.Formatted formatted) {
            return Operand.of(Formatting.emit(machine, this, formatted));
        } else if (argument instanceof Argument.Block block) {
            return Operand.of(block(block, machine));
        }
        throw new AssertionError(argument);
    }

    private long block(Argument.Block block, Machine machine) {
        long[] values = new long[block.words().size()];
        long[] later = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            Operand operand = operand(block.words().get(i), machine);
            if (operand instanceof Operand.Constant constant) {
                values[i] = constant.value();
            } else if (operand instanceof Operand.Word word) {
                later[i] = word.address();
            }
        }
        long address = words(values);
        for (int i = 0; i < values.length; i++) {
            if (later[i] != 0) {
                machine.loadWord(later[i]);
                machine.store(address + 8L * i);
            }
        }
        return address;
    }

    int roomSize() {
        return roomSize;
    }

    byte[] data() {
        return data.toByteArray();
    }

    private long place(byte[] value, int alignment) {
        while ((headers + data.size()) % alignment != 0) {
            data.write(0);
        }
        long address = DATA + headers + data.size();
        data.writeBytes(value);
        return address;
    }
}
