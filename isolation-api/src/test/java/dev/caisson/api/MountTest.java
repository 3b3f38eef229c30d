package dev.caisson.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountTest {

    @Test
    void readsTheMountTable() {
        assertEquals(
                List.of(
                        new Mount("/", "/proc", "proc", List.of("rw")),
                        new Mount(
                                "/docker/1", "/sys/fs/cgroup/cpu,cpuacct", "cgroup", List.of("rw", "cpu", "cpuacct"))),
                Mount.parse("""
                        22 27 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:14 - proc proc rw
                        33 28 0:29 /docker/1 /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct
                        """));
    }

    @Test
    void undoesEscapes() {
        assertEquals(
                "/a b\\c",
                Mount.parse("1 2 0:3 / /a\\040b\\134c rw - tmpfs none rw")
                        .get(0)
                        .point());
    }
}
