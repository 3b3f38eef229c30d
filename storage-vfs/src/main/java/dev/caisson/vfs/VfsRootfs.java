package dev.caisson.vfs;

import static dev.caisson.program.Argument.CWD;
import static dev.caisson.program.Argument.number;
import static dev.caisson.program.Argument.text;

import dev.caisson.api.Contribution;
import dev.caisson.api.Feature;
import dev.caisson.api.Finding;
import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.api.LaunchRequest;
import dev.caisson.api.Phase;
import dev.caisson.api.ProbeReport;
import dev.caisson.api.ProfileException;
import dev.caisson.api.RootfsProvider;
import dev.caisson.api.Settings;
import dev.caisson.api.Site;
import dev.caisson.layers.RootMount;
import dev.caisson.program.Errno;
import dev.caisson.program.Op;
import dev.caisson.program.Step;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** The root file system provider {@code vfs}: a private copy of all layers, which needs no mounts. It has no settings. */
public final class VfsRootfs implements RootfsProvider {

    private static final String ROOT = "the private copy";
    private static final String NO_DEVICES = "MOUNT_ATTR_NODEV";
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** What a profile can say to it: nothing. */
    record NoSettings() {}

    /** For {@link java.util.ServiceLoader}. */
    public VfsRootfs() {}

    @Override
    public String name() {
        return "vfs";
    }

    @Override
    public String description() {
        return "copies the layers for each container, sharing blocks where the file system can; works with chroot";
    }

    @Override
    public ProbeReport probe(Host host, Settings settings) {
        settings.as(NoSettings.class);
        return new ProbeReport(
                Set.of(Feature.ROOT_DIRECTORY, Feature.ROOT_MOUNT),
                Set.of(),
                host.privileged()
                        ? List.of()
                        : List.of(Finding.blocker("copying the owners of files needs root", "start it as root")));
    }

    @Override
    public void prepare(LaunchRequest request, Host host) {
        request.settings().as(NoSettings.class);
        Site site = request.site();
        try {
            Files.createDirectories(site.data().getParent(), PRIVATE);
            Files.createDirectories(site.trash().getParent(), PRIVATE);
            Files.createDirectory(site.data(), PRIVATE);
        } catch (FileAlreadyExistsException e) {
            throw new HostException("vfs: " + site.data() + " is left from another container; run caisson gc", e);
        } catch (IOException e) {
            throw new HostException("vfs: cannot make " + site.data() + ": " + e + "; check the storage directory", e);
        }
        try {
            Path root = Files.createDirectory(root(site), PRIVATE);
            TreeCopy.copy(host, request.spec().rootfs().layers(), root, request.has(Feature.MOUNT_NAMESPACE));
        } catch (IOException | RuntimeException e) {
            discard(site, e);
            throw e instanceof RuntimeException known
                    ? known
                    : new HostException("vfs: cannot make " + root(site) + ": " + e, e);
        }
    }

    @Override
    public Contribution contribute(LaunchRequest request) {
        request.settings().as(NoSettings.class);
        Site site = request.site();
        boolean readonly = request.spec().rootfs().readonly();
        Contribution.Builder contribution = Contribution.builder().teardown(discard(site));
        if (!request.has(Feature.MOUNT_NAMESPACE)) {
            if (readonly) {
                throw new ProfileException(
                        "rootfs: only a mount can be read-only, and there is no mount namespace here;"
                                + " take out readonly, or add namespaces");
            }
            return contribution
                    .child(
                            Phase.ROOT,
                            Step.of(
                                    "go to the new root",
                                    Op.call("chdir", text(root(site).toString()))))
                    .build();
        }
        contribution.setup(RootMount.goToMountPoint(site));
        if (request.has(Feature.USER_NAMESPACE)) {
            contribution
                    .afterClone(RootMount.openUserNamespace())
                    .afterClone(array(RootMount.openMapped(ROOT, root(site), NO_DEVICES)));
        } else {
            contribution.child(Phase.ROOT, array(RootMount.open(ROOT, root(site), NO_DEVICES)));
        }
        contribution.child(Phase.ROOT, array(RootMount.attachHere(ROOT)));
        if (readonly) {
            contribution.child(Phase.SEAL, RootMount.seal());
        }
        return contribution.build();
    }

    private static Path root(Site site) {
        return site.data().resolve("root");
    }

    /** A tree that a container has written to is not deleted by straight-line steps. */
    private static Step discard(Site site) {
        return Step.of(
                        "move the private copy to the trash",
                        Op.call(
                                "renameat2",
                                CWD,
                                text(site.data().toString()),
                                CWD,
                                text(site.trash().toString()),
                                number(0)))
                .tolerating(Errno.ENOENT);
    }

    private static void discard(Site site, Exception reason) {
        try {
            Files.move(site.data(), site.trash());
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static Step[] array(List<Step> steps) {
        return steps.toArray(Step[]::new);
    }
}
