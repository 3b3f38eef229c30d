package dev.caisson.api;

/** A backend that makes a root file system out of read-only layers: overlay, vfs. */
public interface RootfsProvider extends Backend {

    /**
     * Prepares, in plain Java, what the steps need and what may take long, such as a private copy of a tree; everything it makes lies
     * below {@link Site#data()}. Called before the launch, never for {@code explain}.
     */
    void prepare(LaunchRequest request, Host host);

    /**
     * The steps that bring the root into being. Those in {@link Phase#ROOT} end with the working directory at the new root, with a
     * mount there if the provider offers {@link Feature#ROOT_MOUNT}. The teardown renames what {@link #prepare} made into {@link
     * Site#trash()}, as a hostile tree cannot be deleted by straight-line steps. It reads at most files of {@link
     * LaunchRequest#host()}, changes nothing and needs no privilege.
     */
    Contribution contribute(LaunchRequest request);
}
