package dev.caisson.chroot;

import static dev.caisson.program.Argument.text;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.Isolator;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.Settings;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.LaunchProgram.Line;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The isolator {@code chroot}: the container's files are those below a directory. It has no settings. */
public final class ChrootIsolator implements Isolator {

    /** What a profile can say to it: nothing. */
    record NoSettings() {}

    /** For {@link java.util.ServiceLoader}. */
    public ChrootIsolator() {}

    @Override
    public String name() {
        return "chroot";
    }

    @Override
    public String description() {
        return "changes the root directory, and nothing else; root inside can leave it";
    }

    @Override
    public ProbeReport probe(Host host, Settings settings) {
        settings.as(NoSettings.class);
        List<Finding> findings = new ArrayList<>();
        if (!host.privileged()) {
            findings.add(Finding.blocker("chroot(2) needs root", "start it as root"));
        } else {
            host.attempt(new LaunchProgram(List.of(new Line(Section.SETUP, name(), changeRoot("/")))))
                    .ifPresent(
                            failure -> findings.add(
                                    Finding.blocker(
                                            failure.toString(),
                                            "give this process CAP_SYS_CHROOT; inside a container also look at its system call filter")));
        }
        findings.add(
                Finding.warning(
                        "root inside can leave by a second chroot(2), and can make the node of a disk",
                        "run the command as another user, or take SYS_CHROOT and MKNOD from its capabilities, or use namespaces"));
        findings.add(Finding.warning(
                "the container shares processes, network, IPC and host name with the host",
                "add namespaces with mount: false, or use namespaces instead"));
        findings.add(
                Finding.note("there is no /proc and no /sys inside, and /dev has only null, zero, full, random, urandom"
                        + " and tty, which do not work where the storage is mounted nodev"));
        return new ProbeReport(Set.of(Feature.ROOT_SWITCH), Set.of(Feature.ROOT_DIRECTORY, Feature.KILL_ALL), findings);
    }

    @Override
    public Contribution contribute(LaunchRequest request) {
        request.settings().as(NoSettings.class);
        return Contribution.builder()
                .child(Phase.MOUNTS, Devices.steps().toArray(Step[]::new))
                .child(
                        Phase.PIVOT,
                        changeRoot("."),
                        Step.of("go to the new root", Op.call("chdir", text("/")))) // chroot(2) leaves it outside
                .build();
    }

    private static Step changeRoot(String directory) {
        return Step.of(
                        "make " + (directory.equals(".") ? "the new root" : directory) + " the root",
                        Op.call("chroot", text(directory)))
                .hint(Errno.EPERM, "it lacks CAP_SYS_CHROOT, or a system call filter is in the way");
    }
}
