package dev.caisson.seccomp;

import dev.caisson.api.Capability;
import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.Isolator;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ProfileException;
import dev.caisson.api.Settings;
import dev.caisson.program.Architecture;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.LaunchProgram;
import dev.caisson.program.Op;
import dev.caisson.program.Section;
import dev.caisson.program.Step;
import java.util.List;
import java.util.Set;

/** The isolator {@code seccomp}: filters the system calls of the container. */
public final class SeccompIsolator implements Isolator {

    private static final String NAME = "seccomp";

    /** A filter that changes nothing for native programs, to find out whether filters work. */
    private static final Policy HARMLESS = Policy.of(Action.ALLOW, List.of());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "filters system calls: refuses those that ordinary programs never make";
    }

    @Override
    public ProbeReport probe(Host host, Settings settings) {
        SeccompSettings seccomp = settings.as(SeccompSettings.class);
        if (seccomp.policy(Set.of()).isEmpty()) {
            Finding finding = Finding.note("preset " + seccomp.preset() + " refuses nothing, so there is no filter");
            return new ProbeReport(Set.of(), Set.of(), List.of(finding));
        }
        List<Finding> findings = host
                .attempt(attempt(host.architecture()))
                .map(failure -> Finding.blocker(
                        "the kernel takes no system call filter: " + failure,
                        "use a kernel with CONFIG_SECCOMP_FILTER, or leave the isolator seccomp out"))
                .stream()
                .toList();
        return new ProbeReport(Set.of(Feature.SYSTEM_CALL_FILTER), Set.of(), findings);
    }

    private static LaunchProgram attempt(Architecture architecture) {
        Step noNewPrivileges = Step.of(
                "gain nothing from set-id programs",
                Op.call(
                        "prctl",
                        Argument.flags("PR_SET_NO_NEW_PRIVS"),
                        Argument.number(1),
                        Argument.number(0),
                        Argument.number(0),
                        Argument.number(0)));
        Step filter = install("filter system calls, refusing none", FilterCompiler.compile(HARMLESS, architecture));
        return new LaunchProgram(List.of(
                new LaunchProgram.Line(Section.SETUP, NAME, noNewPrivileges),
                new LaunchProgram.Line(Section.SETUP, NAME, filter)));
    }

    @Override
    public Contribution contribute(LaunchRequest request) {
        SeccompSettings seccomp = request.settings().as(SeccompSettings.class);
        Set<Capability> capabilities = request.spec().process().capabilities().bounding();
        Policy policy = seccomp.policy(capabilities);
        if (policy.isEmpty()) {
            return Contribution.builder().build();
        }
        Filter filter = compile(policy, request.host().architecture());
        String description =
                "filter system calls (preset " + seccomp.preset() + ", " + filter.size() + " instructions)";
        return Contribution.builder()
                .child(Phase.FILTER, install(description, filter))
                .build();
    }

    private static Filter compile(Policy policy, Architecture architecture) {
        try {
            return FilterCompiler.compile(policy, architecture);
        } catch (IllegalArgumentException e) {
            throw new ProfileException(NAME + ": " + e.getMessage(), e);
        }
    }

    /** The step that installs a filter; its argument is a struct sock_fprog of linux/filter.h. */
    private static Step install(String description, Filter filter) {
        Argument program = Argument.block(Argument.number(filter.size()), new Argument.Bytes(filter.bytes()));
        return Step.of(
                        description,
                        Op.call("seccomp", Argument.flags("SECCOMP_SET_MODE_FILTER"), Argument.number(0), program))
                .hint(
                        Errno.EACCES,
                        "without no_new_privs a filter takes CAP_SYS_ADMIN; let the profile ask for no new privileges")
                .hint(Errno.ENOSYS, "use a kernel with CONFIG_SECCOMP_FILTER, or leave the isolator seccomp out")
                .hint(Errno.EINVAL, "use a kernel with CONFIG_SECCOMP_FILTER, or leave the isolator seccomp out");
    }
}
