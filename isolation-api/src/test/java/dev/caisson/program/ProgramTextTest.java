package dev.caisson.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProgramTextTest {

    @Test
    void readsLikeTheTraceOfARun() {
        assertEquals("""
                monitor, before the child exists
                   1  engine         open the group
                                       {cgroup} = openat(AT_FDCWD, "/sys/fs/cgroup/it's \\"a\\" group", O_PATH|O_DIRECTORY, 0755)
                   2  engine         write 65536 to /sys/fs/cgroup/x/memory.max
                                       write-file("/sys/fs/cgroup/x/memory.max", "65536")
                   3  engine         check that /sys/fs/cgroup/x/memory.max says 65536
                                       expect-file("/sys/fs/cgroup/x/memory.max", "65536")
                   4  engine         make the child
                                       clone3(CLONE_NEWNS|CLONE_NEWUSER, cgroup {cgroup})

                monitor, while the child waits
                   5  engine         write the map
                                       write-file("/proc/{child pid}/uid_map", "0 100000 65536\\n")
                   6  engine         let the child go on
                                       open-gate()
                   7  engine         supervise
                                       supervise(wall 1.5 s, cpu 2 s, grace 10 s)

                child, up to the command
                   8  child-backend  wait
                                       await-gate()
                   9  child-backend  read a link
                                       readlinkat(AT_FDCWD, "x", <room for 64 bytes>, 64)  # or ENOENT, EINVAL
                  10  child-backend  filter
                                       seccomp(SECCOMP_SET_MODE_FILTER, 0, {1, <4 bytes>, {-1, 2}})  # else getpid()  # or ENOSYS
                  11  child-backend  fork
                                       fork-init()
                  12  child-backend  execute
                                       execve(["/bin/sh", "/usr/bin/sh"], ["sh", "-c", "echo"], {A="ü\\n\\u0001", PATH="/bin"})

                monitor, when the child has ended
                  13  engine         kill
                                       kill-listed("/sys/fs/cgroup/x/cgroup.procs")  # again on EAGAIN, up to 1000 times; or ENOENT, ENODEV
                  14  engine         collect
                                       collect-file(memory.peak, "/x/memory.peak")
                  15  engine         fail
                                       fault(EIO)
                  16  engine         drop
                                       drop-record("/run/caisson/run/x.json")
                """, ProgramText.of(EveryKind.program()));
    }
}
