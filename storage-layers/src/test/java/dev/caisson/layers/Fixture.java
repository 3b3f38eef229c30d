package dev.caisson.layers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A host in a directory, with programs of the smallest size that say something to a loader. */
record Fixture(Path root) {

    static final String GLIBC_LOADER = "/lib64/ld-linux-x86-64.so.2";

    /** The parts of an ELF file that matter to a loader. */
    record Elf(int machine, boolean wide, String interpreter, List<String> needed, String rpath, String runpath) {

        static Elf program(String interpreter, String... needed) {
            return new Elf(ElfFile.X86_64, true, interpreter, List.of(needed), "", "");
        }

        static Elf library(String... needed) {
            return program("", needed);
        }

        Elf rpath(String path) {
            return new Elf(machine, wide, interpreter, needed, path, runpath);
        }

        Elf runpath(String path) {
            return new Elf(machine, wide, interpreter, needed, rpath, path);
        }

        Elf of(int otherMachine, boolean otherWide) {
            return new Elf(otherMachine, otherWide, interpreter, needed, rpath, runpath);
        }

        /** The file: header, program headers, dynamic section, strings; loaded at an address that differs from the offset. */
        byte[] bytes() {
            long base = 0x400000;
            List<String> strings = new ArrayList<>(needed);
            List<long[]> dynamic = new ArrayList<>();
            ByteArrayOutputStream table = new ByteArrayOutputStream();
            table.write(0);
            for (String name : strings) {
                dynamic.add(new long[] {1, append(table, name)});
            }
            if (!rpath.isEmpty()) {
                dynamic.add(new long[] {15, append(table, rpath)});
            }
            if (!runpath.isEmpty()) {
                dynamic.add(new long[] {29, append(table, runpath)});
            }
            int header = wide ? 64 : 52;
            int entry = wide ? 56 : 32;
            int word = wide ? 8 : 4;
            int dynamicAt = header + 3 * entry;
            int dynamicSize = (dynamic.size() + 2) * 2 * word;
            int stringsAt = dynamicAt + dynamicSize;
            dynamic.add(new long[] {5, base + stringsAt});
            dynamic.add(new long[] {0, 0});
            int interpreterAt = stringsAt + append(table, interpreter);
            ByteBuffer file = ByteBuffer.allocate(stringsAt + table.size() + 1).order(ByteOrder.LITTLE_ENDIAN);
            file.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), 1, 1});
            file.putShort(16, (short) 3).putShort(18, (short) machine);
            file.position(wide ? 32 : 28);
            word(file, header);
            file.putShort(wide ? 54 : 42, (short) entry).putShort(wide ? 56 : 44, (short) 3);
            segment(file, header, 1, 0, base, file.capacity());
            segment(file, header + entry, 2, dynamicAt, base + dynamicAt, dynamicSize);
            if (!interpreter.isEmpty()) {
                segment(file, header + 2 * entry, 3, interpreterAt, base + interpreterAt, interpreter.length() + 1);
            }
            file.position(dynamicAt);
            for (long[] pair : dynamic) {
                word(file, pair[0]);
                word(file, pair[1]);
            }
            return file.position(stringsAt).put(table.toByteArray()).array();
        }

        private static int append(ByteArrayOutputStream table, String string) {
            int at = table.size();
            table.writeBytes(string.getBytes(StandardCharsets.UTF_8));
            table.write(0);
            return at;
        }

        private void segment(ByteBuffer file, int at, int type, long offset, long address, long size) {
            file.position(at);
            file.putInt(type);
            if (wide) {
                file.putInt(4);
            }
            word(file, offset);
            word(file, address);
            word(file, address);
            word(file, size);
        }

        private void word(ByteBuffer file, long value) {
            if (wide) {
                file.putLong(value);
            } else {
                file.putInt((int) value);
            }
        }
    }

    /** A host with merged directories, a C library and a loader, as in Debian. */
    static Fixture debian(Path root) {
        Fixture fixture = new Fixture(root);
        fixture.directory("/usr/bin")
                .directory("/usr/sbin")
                .directory("/usr/lib/x86_64-linux-gnu")
                .directory("/usr/lib64");
        fixture.link("/bin", "usr/bin")
                .link("/sbin", "usr/sbin")
                .link("/lib", "usr/lib")
                .link("/lib64", "usr/lib64");
        fixture.elf("/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", Elf.library());
        fixture.link("/usr/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
        fixture.elf("/usr/lib/x86_64-linux-gnu/libc.so.6", Elf.library("ld-linux-x86-64.so.2"));
        return fixture;
    }

    /** A host without merged directories and with musl, as Alpine: one program with many names. */
    static Fixture alpine(Path root) {
        Fixture fixture = new Fixture(root);
        fixture.directory("/bin")
                .directory("/sbin")
                .directory("/lib")
                .directory("/usr/bin")
                .directory("/usr/lib");
        fixture.elf("/lib/ld-musl-x86_64.so.1", Elf.library());
        fixture.link("/lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1");
        fixture.elf("/bin/busybox", Elf.program("/lib/ld-musl-x86_64.so.1", "libc.musl-x86_64.so.1"));
        fixture.link("/bin/sh", "/bin/busybox").link("/bin/ls", "/bin/busybox");
        return fixture;
    }

    Fixture directory(String path) {
        try {
            Files.createDirectories(place(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Fixture link(String path, String target) {
        try {
            Files.createSymbolicLink(place(path), Path.of(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Fixture elf(String path, Elf elf) {
        return file(path, elf.bytes());
    }

    Fixture script(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    Fixture cache(LoaderCache.Library... libraries) {
        return file("/etc/ld.so.cache", LoaderCache.write(List.of(libraries)));
    }

    Fixture file(String path, byte[] content) {
        try {
            Path place = place(path);
            Files.createDirectories(place.getParent());
            Files.write(place, content);
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LayerPlan plan(String... programs) {
        return HostProgramsPlan.of(List.of(programs), new HostTree(root));
    }

    Path place(String path) {
        return root.resolve(path.substring(1));
    }
}
