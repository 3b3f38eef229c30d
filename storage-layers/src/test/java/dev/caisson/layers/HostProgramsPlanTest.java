package dev.caisson.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.api.CaissonException;
import dev.caisson.api.HostException;
import dev.caisson.api.ProfileException;
import dev.caisson.layers.Fixture.Elf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProgramsPlanTest {

    private static final String LIB = "/usr/lib/x86_64-linux-gnu/";

    @TempDir
    Path temporary;

    private Fixture host;

    @BeforeEach
    void debian() {
        host = Fixture.debian(temporary);
        host.elf("/usr/bin/dash", Elf.program(Fixture.GLIBC_LOADER, "libc.so.6"))
                .link("/usr/bin/sh", "dash");
    }

    @Test
    void findsAProgramItsLoaderAndItsLibrariesAndKeepsLinks() {
        LayerPlan plan = host.plan("sh");

        assertEquals(
                Set.of("/usr/bin/dash", LIB + "ld-linux-x86-64.so.2", LIB + "libc.so.6"),
                plan.files().keySet());
        assertEquals(
                Map.of(
                        "/bin", "usr/bin",
                        "/sbin", "usr/sbin",
                        "/lib", "usr/lib",
                        "/lib64", "usr/lib64",
                        "/usr/bin/sh", "dash",
                        "/usr/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"),
                plan.links());
        assertEquals(
                temporary.resolve("usr/bin/dash"),
                Objects.requireNonNull(plan.files().get("/usr/bin/dash")).path());
    }

    @Test
    void hasWhatEveryRootHas() {
        LayerPlan plan = host.plan("sh");

        assertTrue(plan.directories()
                .keySet()
                .containsAll(Set.of("/proc", "/sys", "/dev", "/tmp", "/root", "/usr/lib64")));
        assertEquals(01777, plan.directories().get("/tmp"));
        assertEquals(0700, plan.directories().get("/root"));
        assertTrue(text(plan, "/etc/passwd").contains("user:x:1000:1000:"));
    }

    @Test
    void findsAProgramByItsAbsolutePathAndThroughALink() {
        host.elf("/opt/tool/bin/tool-1", Elf.program("")).link("/opt/tool/bin/tool", "../bin/./tool-1");

        LayerPlan plan = host.plan("/opt/tool/bin/tool", "/bin/sh");

        assertTrue(plan.files().containsKey("/opt/tool/bin/tool-1"));
        assertEquals("../bin/./tool-1", plan.links().get("/opt/tool/bin/tool"));
        assertTrue(plan.directories().containsKey("/opt/tool/bin"));
    }

    @Test
    void takesTheFirstExecutableOnTheSearchPath() throws IOException {
        host.elf("/usr/local/bin/tool", Elf.program("")).elf("/usr/bin/tool", Elf.program(""));
        Files.setAttribute(host.place("/usr/local/bin/tool"), "unix:mode", 0644);

        assertTrue(host.plan("tool").files().containsKey("/usr/bin/tool"));
    }

    @Test
    void aStaticProgramNeedsNothing() {
        host.elf("/usr/bin/static", Elf.program(""));

        assertEquals(Set.of("/usr/bin/static"), host.plan("static").files().keySet());
    }

    @Test
    void followsLibrariesOfLibraries() {
        host.elf(LIB + "liba.so.1", Elf.library("libb.so.1", "libc.so.6"))
                .elf(LIB + "libb.so.1.2", Elf.library("liba.so.1"))
                .link(LIB + "libb.so.1", "libb.so.1.2")
                .elf("/usr/bin/p", Elf.program(Fixture.GLIBC_LOADER, "liba.so.1"));

        LayerPlan plan = host.plan("p");

        assertTrue(plan.files().keySet().containsAll(Set.of(LIB + "liba.so.1", LIB + "libb.so.1.2")));
        assertEquals("libb.so.1.2", plan.links().get(LIB + "libb.so.1"));
    }

    @Test
    void looksIntoTheLoadersCacheBeforeTheUsualDirectories() {
        host.elf("/opt/x/libx.so", Elf.library())
                .elf(LIB + "libx.so", Elf.library())
                .cache(new LoaderCache.Library("libx.so", "/opt/x/libx.so", ElfFile.X86_64))
                .elf("/usr/bin/p", Elf.program(Fixture.GLIBC_LOADER, "libx.so"));

        LayerPlan plan = host.plan("p");

        assertTrue(plan.files().containsKey("/opt/x/libx.so"));
        assertFalse(plan.files().containsKey(LIB + "libx.so"));
    }

    @Test
    void givesTheLayerACacheOfItsOwnLibrariesOnly() {
        host.elf("/opt/x/libx.so", Elf.library())
                .elf("/opt/y/liby.so", Elf.library())
                .elf("/opt/own/libown.so", Elf.library())
                .cache(
                        new LoaderCache.Library("libx.so", "/opt/x/libx.so", ElfFile.X86_64),
                        new LoaderCache.Library("liby.so", "/opt/y/liby.so", ElfFile.X86_64))
                .elf(
                        "/usr/bin/p",
                        Elf.program(Fixture.GLIBC_LOADER, "libx.so", "libown.so")
                                .runpath("/opt/own"));

        LoaderCache cache =
                LoaderCache.read(Objects.requireNonNull(host.plan("p").texts().get("/etc/ld.so.cache")));

        assertEquals(List.of("/opt/x/libx.so"), cache.paths("libx.so"));
        assertEquals(List.of(), cache.paths("liby.so"));
        assertEquals(List.of(), cache.paths("libown.so")); // only for programs that say so themselves
    }

    @Test
    void putsInTheOriginOfWhatNamesADirectory() {
        host.elf(
                        "/opt/app/bin/p",
                        Elf.program(Fixture.GLIBC_LOADER, "libapp.so").runpath("$ORIGIN/../lib:/nowhere"))
                .elf("/opt/app/lib/libapp.so", Elf.library("libnext.so").runpath("${ORIGIN}/next"))
                .elf("/opt/app/lib/next/libnext.so", Elf.library())
                .link("/usr/bin/p", "/opt/app/bin/p");

        assertTrue(new TreeSet<>(host.plan("p").files().keySet())
                .containsAll(Set.of("/opt/app/lib/libapp.so", "/opt/app/lib/next/libnext.so")));
    }

    @Test
    void aRunpathIsForTheFileItselfAndAnRpathAlsoForWhatItLoads() {
        host.elf("/opt/l/libfirst.so", Elf.library("libsecond.so"))
                .elf("/opt/l/libsecond.so", Elf.library())
                .elf(
                        "/usr/bin/rpath",
                        Elf.program(Fixture.GLIBC_LOADER, "libfirst.so").rpath("/opt/l"))
                .elf(
                        "/usr/bin/runpath",
                        Elf.program(Fixture.GLIBC_LOADER, "libfirst.so").runpath("/opt/l"));

        assertTrue(host.plan("rpath").files().containsKey("/opt/l/libsecond.so"));
        assertThrows(HostException.class, () -> host.plan("runpath"));
    }

    @Test
    void skipsLibrariesForAnotherProcessor() {
        host.elf("/usr/lib32/libx.so", Elf.library().of(ElfFile.I386, false))
                .elf("/usr/lib/libx.so", Elf.library().of(ElfFile.AARCH64, true))
                .elf("/usr/lib64/libx.so", Elf.library())
                .script("/usr/lib/x86_64-linux-gnu/libx.so", "INPUT(libx.so.1)") // a linker script, for building
                .elf("/usr/bin/p", Elf.program(Fixture.GLIBC_LOADER, "libx.so"));

        assertTrue(host.plan("p").files().containsKey("/usr/lib64/libx.so"));
    }

    @Test
    void readsProgramsOf32Bits() {
        host.elf("/usr/lib32/libc.so.6", Elf.library().of(ElfFile.I386, false))
                .elf("/lib/ld-linux.so.2", Elf.library().of(ElfFile.I386, false))
                .elf(
                        "/usr/bin/old",
                        Elf.program("/lib/ld-linux.so.2", "libc.so.6").of(ElfFile.I386, false));

        assertTrue(host.plan("old").files().containsKey("/usr/lib32/libc.so.6"));
    }

    @Test
    void includesWhatTheCLibraryLoadsByItself() {
        host.elf(LIB + "libgcc_s.so.1", Elf.library("libc.so.6"));

        assertTrue(host.plan("sh").files().containsKey(LIB + "libgcc_s.so.1"));
    }

    @Test
    void aScriptNeedsItsInterpreter() {
        host.script("/usr/bin/script", "#! /bin/sh -e\necho\n");

        LayerPlan plan = host.plan("script");

        assertTrue(plan.files().keySet().containsAll(Set.of("/usr/bin/script", "/usr/bin/dash", LIB + "libc.so.6")));
    }

    @Test
    void aScriptThatAsksEnvNeedsWhatEnvStarts() {
        host.elf("/usr/bin/env", Elf.program("")).script("/usr/bin/script", "#!/usr/bin/env -S VAR=x sh -e\n");

        assertTrue(host.plan("script").files().containsKey("/usr/bin/dash"));
    }

    @Test
    void aScriptThatInterpretsItselfEnds() {
        host.script("/usr/bin/loop", "#!/usr/bin/loop\n");

        assertTrue(host.plan("loop").files().containsKey("/usr/bin/loop"));
    }

    @Test
    void keepsTheShapeOfAHostWithoutMergedDirectories(@TempDir Path other) {
        LayerPlan plan = Fixture.alpine(other).plan("sh", "ls");

        assertEquals(
                Set.of("/bin/busybox", "/lib/ld-musl-x86_64.so.1"), plan.files().keySet());
        assertEquals(
                Map.of(
                        "/bin/sh", "/bin/busybox",
                        "/bin/ls", "/bin/busybox",
                        "/lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1"),
                plan.links());
        assertFalse(plan.texts().containsKey("/etc/ld.so.cache"));
    }

    @Test
    void readsMuslsSearchPath(@TempDir Path other) {
        Fixture alpine = Fixture.alpine(other)
                .elf("/opt/l/libz.so.1", Elf.library("libc.so"))
                .file("/etc/ld-musl-x86_64.path", "/lib\n/opt/l\n".getBytes(StandardCharsets.UTF_8))
                .elf("/usr/bin/p", Elf.program("/lib/ld-musl-x86_64.so.1", "libz.so.1"));

        assertTrue(
                alpine.plan("p").files().keySet().containsAll(Set.of("/opt/l/libz.so.1", "/etc/ld-musl-x86_64.path")));
    }

    @Test
    void leavesOutWhatWouldLieBehindALinkOfTheHost() {
        host.directory("/data").link("/home", "data").elf("/data/p", Elf.program(""));

        LayerPlan plan = host.plan("/home/p");

        assertEquals("data", plan.links().get("/home"));
        assertFalse(plan.directories().containsKey("/home/user"));
        assertTrue(plan.files().containsKey("/data/p"));
    }

    @Test
    void saysWhatIsMissingAndWhatHelps() {
        host.elf("/usr/bin/needy", Elf.program(Fixture.GLIBC_LOADER, "liblost.so.3"))
                .elf("/usr/bin/foreign", Elf.program("/lib/ld-other.so.1"))
                .script("/usr/bin/snake", "#!/usr/bin/python9\n")
                .script("/usr/bin/text", "just text\n")
                .script("/usr/bin/data", "x")
                .link("/usr/bin/circle", "circle");

        assertMessage(
                ProfileException.class,
                "the host has no program \"dahs\" in /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; the"
                        + " nearest is \"dash\"",
                "dahs");
        assertMessage(
                ProfileException.class,
                "the host has no program \"unheard-of\" in /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin;"
                        + " install it or give its absolute path",
                "unheard-of");
        assertMessage(
                HostException.class,
                "program \"needy\": /usr/bin/needy needs the library liblost.so.3, which is not in /etc/ld.so.cache or"
                        + " /lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:/lib64:/usr/lib64:/lib:/usr/lib; install the"
                        + " package that has it",
                "needy");
        assertMessage(
                HostException.class,
                "the loader /lib/ld-other.so.1 of program \"foreign\" is not there; install the C library that it was built"
                        + " for",
                "foreign");
        assertMessage(
                HostException.class,
                "the interpreter /usr/bin/python9 of program \"snake\" is not there; install it or leave the program out of"
                        + " the layer",
                "snake");
        assertMessage(
                ProfileException.class,
                "program \"text\" is /usr/bin/text on the host, which is neither an ELF program nor a script with #!; name"
                        + " its interpreter instead",
                "text");
        for (String no : new String[] {"circle", "/usr/bin", "/nowhere", "", "../sh", "a/b", "/usr/bin/dash/x"}) {
            assertThrows(ProfileException.class, () -> host.plan(no), no);
        }
    }

    @Test
    void refusesADamagedProgram() {
        byte[] damaged = Elf.program(Fixture.GLIBC_LOADER, "libc.so.6").bytes();
        damaged[33] = 0x7f; // the program headers are far behind the end
        host.file("/usr/bin/damaged", damaged);

        assertThrows(HostException.class, () -> host.plan("damaged"));
    }

    private void assertMessage(Class<? extends CaissonException> type, String message, String program) {
        assertEquals(message, assertThrows(type, () -> host.plan(program)).getMessage());
    }

    private static String text(LayerPlan plan, String path) {
        return new String(plan.texts().get(path), StandardCharsets.UTF_8);
    }
}
