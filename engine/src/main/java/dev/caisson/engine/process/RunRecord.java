package dev.caisson.engine.process;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.formatted;
import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.Site;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The record of a run: the teardown on disk before anything is there to tear down, locked for as long as the monitor lives.
 *
 * <p>It gets its name only when it is complete and locked, so whoever can lock a record knows that its monitor is dead.
 */
public final class RunRecord {

    private RunRecord() {}

    /** Writes the record. */
    public static List<Step> write(Site site, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return List.of(
                Step.of(
                                "begin the record of this run",
                                Op.call(
                                        "openat",
                                        CWD,
                                        text(site.records().toString()),
                                        flags("O_TMPFILE", "O_WRONLY", "O_CLOEXEC"),
                                        mode(0600)))
                        .naming("record")
                        .hint(
                                Errno.EOPNOTSUPP,
                                "the state directory must be on a file system with O_TMPFILE, such as tmpfs"),
                Step.of(
                        "lock it for as long as the monitor lives",
                        Op.call("flock", result("record"), flags("LOCK_EX", "LOCK_NB"))),
                Step.of(
                        "write the teardown into it",
                        Op.call("write", result("record"), new Argument.Bytes(bytes), number(bytes.length))),
                Step.of(
                                "give the record its name",
                                Op.call(
                                        "linkat",
                                        CWD,
                                        formatted("/proc/self/fd/", "record", ""),
                                        CWD,
                                        text(site.record().toString()),
                                        flags("AT_SYMLINK_FOLLOW")))
                        .hint(Errno.EEXIST, "a container of this id is running already"));
    }

    /** Removes the record, when all else is torn down. */
    public static Step drop(Site site) {
        return Step.of(
                        "remove the record of this run",
                        new Op.DropRecord(site.record().toString()))
                .tolerating(Errno.ENOENT);
    }
}
