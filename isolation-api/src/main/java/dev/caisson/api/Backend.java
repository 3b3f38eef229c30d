package dev.caisson.api;

/**
 * A part that takes care of one side of isolation, chosen by its name in a profile.
 *
 * <p>Implementations have a public constructor without parameters, hold no state and touch nothing when constructed. They are
 * registered in {@code META-INF/services} under the one SPI interface that they implement.
 */
public interface Backend {

    /** The name that profiles use: lower case, digits and hyphens, unique among the backends of its kind. */
    String name();

    /** What it does, in one sentence, for {@code caisson backends}. */
    String description();

    /**
     * Whether it would work on this host with these settings, and what it offers and needs.
     *
     * <p>A probe tries a harmless form of the real thing ({@link Host#attempt}) rather than asking for a version, leaves nothing behind,
     * and says with every "no" what would help. It offers what it can do on this host: the engine refuses a profile that asks for more
     * than the chosen backends offer together.
     */
    ProbeReport probe(Host host, Settings settings);
}
