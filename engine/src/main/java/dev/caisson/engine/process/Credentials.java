package dev.caisson.engine.process;

import static dev.caisson.program.Argument.block;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.pair;
import static dev.caisson.program.Argument.word;

import dev.caisson.api.Capability;
import dev.caisson.api.CapabilitySets;
import dev.caisson.api.Contribution;
import dev.caisson.api.Host;
import dev.caisson.api.Phase;
import dev.caisson.api.ProcessSpec;
import dev.caisson.program.Argument;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Gives up privileges, in the one order that works: the bounding set while CAP_SETPCAP is there, groups before the user, capabilities after
 * the user, since changing it clears them.
 *
 * <p>A user other than root keeps at execve only what is ambient, so only that is kept for one. Without no_new_privs the seccomp filter
 * needs CAP_SYS_ADMIN, so then the capabilities are set after it, right before the command.
 */
public final class Credentials {

    /** _LINUX_CAPABILITY_VERSION_3, of linux/capability.h. */
    private static final int VERSION = 0x20080522;

    private Credentials() {}

    public static Contribution contribute(ProcessSpec process, Host host) {
        Contribution.Builder steps = Contribution.builder();
        dropBounding(steps, process.capabilities().bounding(), host);
        boolean keep =
                process.user() != 0 && (!process.capabilities().ambient().isEmpty() || !process.noNewPrivileges());
        if (keep) {
            steps.child(
                    Phase.CREDENTIALS,
                    Step.of("keep capabilities across the change of user", prctl("PR_SET_KEEPCAPS", number(1))));
        }
        identity(steps, process);
        if (process.noNewPrivileges()) {
            capabilities(steps, Phase.CREDENTIALS, process);
        } else if (keep) {
            steps.child(
                    Phase.CREDENTIALS,
                    setCapabilities(
                            "raise what installing a filter needs",
                            Set.of(Capability.SYS_ADMIN),
                            union(process.capabilities().permitted(), Capability.SYS_ADMIN),
                            process.capabilities().ambient()));
        }
        steps.child(
                Phase.CREDENTIALS,
                Step.of("die when the monitor dies", prctl("PR_SET_PDEATHSIG", flags("SIGKILL"))),
                Step.of("make sure that it has not died yet", new Op.AwaitGate()));
        if (process.noNewPrivileges()) {
            steps.child(
                    Phase.CREDENTIALS,
                    Step.of(
                            "gain nothing from set-id programs",
                            prctl("PR_SET_NO_NEW_PRIVS", number(1), number(0), number(0), number(0))));
        } else {
            capabilities(steps, Phase.EXEC, process);
        }
        return steps.build();
    }

    /** Everything but the given set; a newer kernel's capabilities, which have no name here, are dropped as well. */
    private static void dropBounding(Contribution.Builder steps, Set<Capability> bounding, Host host) {
        int last =
                host.read("/proc/sys/kernel/cap_last_cap").map(Integer::valueOf).orElse(40);
        long keep = Capability.mask(bounding);
        for (int number = 0; number <= last; number++) {
            if ((keep >> number & 1) == 0) {
                String name = name(number);
                steps.child(
                        Phase.CREDENTIALS,
                        Step.of(
                                "take " + name + " out of the bounding set",
                                prctl("PR_CAPBSET_DROP", word(number, name.replace(' ', '_')))));
            }
        }
    }

    private static String name(int number) {
        return Arrays.stream(Capability.values())
                .filter(capability -> capability.number() == number)
                .map(capability -> "CAP_" + capability)
                .findFirst()
                .orElse("capability " + number);
    }

    private static void identity(Contribution.Builder steps, ProcessSpec process) {
        List<Integer> groups = process.groups();
        ByteBuffer list = ByteBuffer.allocate(Math.max(4, 4 * groups.size())).order(ByteOrder.LITTLE_ENDIAN);
        groups.forEach(list::putInt);
        String outside = "the id has no mapping in the container's user namespace; map it, or choose another";
        steps.child(
                Phase.CREDENTIALS,
                Step.of(
                                groups.isEmpty()
                                        ? "have no supplementary groups"
                                        : "have the supplementary groups " + groups,
                                Op.call("setgroups", number(groups.size()), new Argument.Bytes(list.array())))
                        .hint(Errno.EINVAL, outside),
                Step.of(
                                "become group " + process.group(),
                                Op.call(
                                        "setresgid",
                                        number(process.group()),
                                        number(process.group()),
                                        number(process.group())))
                        .hint(Errno.EINVAL, outside),
                Step.of(
                                "become user " + process.user(),
                                Op.call(
                                        "setresuid",
                                        number(process.user()),
                                        number(process.user()),
                                        number(process.user())))
                        .hint(Errno.EINVAL, outside)
                        .hint(Errno.EAGAIN, "the user has as many processes as its RLIMIT_NPROC allows"));
    }

    private static void capabilities(Contribution.Builder steps, Phase phase, ProcessSpec process) {
        CapabilitySets sets = process.capabilities();
        boolean root = process.user() == 0;
        Set<Capability> permitted = root ? sets.permitted() : sets.ambient();
        Set<Capability> effective = root ? sets.effective() : sets.ambient();
        steps.child(
                phase,
                setCapabilities("have exactly the capabilities asked for", effective, permitted, sets.inheritable()),
                Step.of(
                        "have no ambient capabilities",
                        prctl("PR_CAP_AMBIENT", flags("PR_CAP_AMBIENT_CLEAR_ALL"), number(0), number(0), number(0))));
        sets.ambient().stream()
                .sorted()
                .forEach(capability -> steps.child(
                        phase,
                        Step.of(
                                "make CAP_" + capability + " ambient",
                                prctl(
                                        "PR_CAP_AMBIENT",
                                        flags("PR_CAP_AMBIENT_RAISE"),
                                        word(capability.number(), "CAP_" + capability),
                                        number(0),
                                        number(0)))));
    }

    private static Step setCapabilities(
            String description, Set<Capability> effective, Set<Capability> permitted, Set<Capability> inheritable) {
        long e = Capability.mask(effective);
        long p = Capability.mask(permitted);
        long i = Capability.mask(inheritable);
        Argument header = block(pair(VERSION, 0));
        Argument data = block(
                word((e & 0xffffffffL) | p << 32, names("effective", effective) + ", " + names("permitted", permitted)),
                word((i & 0xffffffffL) | (e >>> 32) << 32, names("inheritable", inheritable)),
                word((p >>> 32) | (i >>> 32) << 32, "..."));
        return Step.of(description, Op.call("capset", header, data))
                .hint(Errno.EPERM, "this host does not have every capability asked for; ask for fewer");
    }

    private static String names(String set, Set<Capability> capabilities) {
        return String.format(Locale.ROOT, "%s 0x%x", set, Capability.mask(capabilities));
    }

    private static Set<Capability> union(Set<Capability> set, Capability more) {
        EnumSet<Capability> all = EnumSet.of(more);
        all.addAll(set);
        return all;
    }

    private static Op prctl(String option, Argument... arguments) {
        Argument[] all = new Argument[arguments.length + 1];
        all[0] = flags(option);
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Op.call("prctl", all);
    }
}
