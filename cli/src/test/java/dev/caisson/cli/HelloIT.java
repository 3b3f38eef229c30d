package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first container of the README: its own host name, its own small pid space, and nothing left of it. */
class HelloIT {

    @RegisterExtension
    static final TestBed BED = new TestBed();

    @Test
    @Tag("cgroup2")
    void saysHelloAndLeavesNothing() {
        assertEquals(new Run(0, "hello from hello, pid 2\n", ""), BED.caisson("run", TestBed.example("hello")));
        BED.assertNothingLeft();
        assertEquals(new Run(0, "", ""), BED.caisson("gc", "--dry-run"));
    }

    @Test
    void withoutInitTheCommandIsPid1() {
        assertEquals(
                new Run(0, "hello from hello, pid 1\n", ""),
                BED.caisson("run", TestBed.example("hello"), "--set", "process.init=false"));
    }

    @Test
    void theHostKeepsItsName() throws IOException {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname"));

        Run run = BED.caisson("run", TestBed.example("hello"), "--set", "hostname=other", "--", "hostname");

        assertEquals(new Run(0, "other\n", ""), run);
        assertEquals(host, Files.readString(Path.of("/proc/sys/kernel/hostname")));
    }

    @Test
    void seesItsOwnProcessesOnly() {
        Run run = BED.caisson("run", TestBed.example("hello"), "--", "ps", "-e", "-o", "pid=,comm=");

        assertEquals(0, run.exit(), run.toString());
        assertTrue(run.out().strip().matches("1 \\S+\\s+2 ps"), run.out());
    }

    @Test
    @Tag("cgroup2")
    void chrootSaysHelloToo() {
        Run run = BED.caisson("run", TestBed.example("chroot"));

        assertEquals(0, run.exit(), run.toString());
        assertTrue(run.out().startsWith("hello from a changed root: "), run.out());
        assertTrue(run.out().endsWith(", user 1000\n"), run.out());
        BED.assertNothingLeft();
        assertEquals(List.of(), BED.open().leftovers());
    }
}
