package dev.caisson.overlay;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.flags;
import static dev.caisson.program.Argument.result;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Host;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ProfileException;
import dev.caisson.api.RootfsProvider;
import dev.caisson.api.Settings;
import dev.caisson.layers.RootMount;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The root file system provider {@code overlay}: layers that are shared, and what the container writes on top. */
public final class OverlayRootfs implements RootfsProvider {

    /** OVL_MAX_STACK of the kernel. */
    private static final int MOST_LAYERS = 500;

    /** Room in the scratch tmpfs for directories that have something mounted on them, when the upper is elsewhere. */
    private static final long SCRATCH_SIZE = 64L << 10;

    private static final String KEPT = "the kept directory";
    private static final String KEPT_LOCK = "kept directory to lock";

    /** For {@link java.util.ServiceLoader}. */
    public OverlayRootfs() {}

    @Override
    public String name() {
        return "overlay";
    }

    @Override
    public String description() {
        return "mounts the layers with overlayfs; nothing is copied, and what the container writes is thrown away or kept";
    }

    @Override
    public ProbeReport probe(Host host, Settings settings) {
        settings.as(OverlaySettings.class);
        return new ProbeReport(
                Set.of(Feature.ROOT_MOUNT), Set.of(Feature.MOUNT_NAMESPACE), OverlayProbe.findings(host));
    }

    @Override
    public void prepare(LaunchRequest request, Host host) {
        Path keep = request.settings().as(OverlaySettings.class).keep();
        if (keep != null) {
            KeptDirectory.prepare(keep);
        }
    }

    @Override
    public Contribution contribute(LaunchRequest request) {
        OverlaySettings settings = request.settings().as(OverlaySettings.class);
        List<Path> layers = request.spec().rootfs().layers();
        if (layers.isEmpty() || layers.size() > MOST_LAYERS) {
            throw new ProfileException("rootfs: overlay takes 1 to " + MOST_LAYERS + " layers, not " + layers.size()
                    + "; "
                    + (layers.isEmpty() ? "add one, such as host: [sh]" : "merge some, or use the provider vfs"));
        }
        boolean mapped = request.has(Feature.USER_NAMESPACE);
        Contribution.Builder contribution = Contribution.builder();
        contribution.setup(RootMount.goToMountPoint(request.site()));
        if (settings.keep() != null) {
            contribution.setup(array(lock(settings.keep())));
        }
        List<Step> trees = trees(layers, settings, mapped);
        if (mapped) {
            contribution.afterClone(RootMount.openUserNamespace()).afterClone(array(trees));
        } else {
            contribution.child(Phase.ROOT, array(trees));
        }
        contribution.child(Phase.ROOT, array(mounts(layers.size(), settings, mapped)));
        if (request.spec().rootfs().readonly()) {
            contribution.child(Phase.SEAL, RootMount.seal());
        }
        return contribution.build();
    }

    /**
     * Overlayfs itself lets two mounts write to one upper directory and garble it. The lock is the monitor's for as long as it lives, and
     * the kernel takes it back when it dies.
     */
    private static List<Step> lock(Path keep) {
        return List.of(
                Step.of(
                                "open " + keep,
                                Op.call(
                                        "openat",
                                        CWD,
                                        text(keep.toString()),
                                        flags("O_RDONLY", "O_DIRECTORY", "O_CLOEXEC")))
                        .naming(KEPT_LOCK),
                Step.of(
                                "lock " + keep + " for this container",
                                Op.call("flock", result(KEPT_LOCK), flags("LOCK_EX", "LOCK_NB")))
                        .hint(
                                Errno.EAGAIN,
                                "another container is using " + keep
                                        + "; wait for it, or keep this one's files elsewhere"));
    }

    private static List<Step> trees(List<Path> layers, OverlaySettings settings, boolean mapped) {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i <= layers.size(); i++) {
            steps.addAll(open(layer(i), layers.get(i - 1), mapped));
        }
        if (settings.keep() != null) {
            steps.addAll(open(KEPT, settings.keep(), mapped));
        }
        return steps;
    }

    private static List<Step> open(String name, Path source, boolean mapped) {
        return mapped ? RootMount.openMapped(name, source) : RootMount.open(name, source);
    }

    private static List<Step> mounts(int layers, OverlaySettings settings, boolean mapped) {
        List<Step> steps = new ArrayList<>();
        if (settings.size() != null && settings.inodes() != null) {
            steps.addAll(OverlayMount.scratch(settings.size().bytes(), settings.inodes()));
            steps.addAll(OverlayMount.upper());
            steps.add(OverlayMount.directory("work"));
        } else {
            steps.addAll(OverlayMount.scratch(SCRATCH_SIZE, layers + 64L));
            steps.add(OverlayMount.directory("kept"));
            steps.add(RootMount.attach(KEPT, "kept"));
        }
        for (int i = 1; i <= layers; i++) {
            steps.add(OverlayMount.directory(Integer.toString(i)));
            steps.add(RootMount.attach(layer(i), Integer.toString(i)));
        }
        steps.add(OverlayMount.directory("root"));
        steps.add(OverlayMount.overlay(layers, settings.keep() == null ? "" : "kept/", mapped));
        steps.add(Step.of("go to the new root", Op.call("chdir", text("root"))));
        return steps;
    }

    private static String layer(int number) {
        return "layer " + number;
    }

    private static Step[] array(List<Step> steps) {
        return steps.toArray(Step[]::new);
    }
}
