package dev.caisson.engine;

import dev.caisson.engine.profile.Profile;
import dev.caisson.launcher.Launcher;
import dev.caisson.launcher.Streams;
import dev.caisson.launcher.assembly.Image;
import dev.caisson.launcher.assembly.ImageTemplate;
import dev.caisson.program.LaunchProgram;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * What starting a profile again need not do again: choosing backends, composing and assembling.
 *
 * <p>Contributions are pure functions, and a site differs from another only in its id, so the programs of two containers of one profile are
 * the same but for that text. What was composed for one id is therefore kept, and the id replaced in the finished image. A template lives
 * as long as its profile is in use, and is forgotten when a launch from it fails, as the host may have changed.
 */
@Singleton
final class Templates {

    private final Launcher launcher;
    private final UnaryOperator<LaunchProgram> edit;
    private final Map<Profile, Template> templates = Collections.synchronizedMap(new WeakHashMap<>());

    @Inject
    Templates(Launcher launcher, UnaryOperator<LaunchProgram> edit) {
        this.launcher = launcher;
        this.edit = edit;
    }

    /** The profile's template; made with {@code plan} if there is none yet. */
    Template of(Profile profile, Function<Profile, Plan> plan) {
        Template known = templates.get(profile);
        if (known != null) {
            return known;
        }
        Template made = new Template(plan.apply(profile));
        templates.put(profile, made);
        return made;
    }

    void forget(Profile profile) {
        templates.remove(profile);
    }

    /** A plan, and the images that were assembled from it. */
    final class Template {

        private final Plan plan;
        private final Map<Streams, ImageTemplate> images = new ConcurrentHashMap<>();

        private Template(Plan plan) {
            this.plan = plan;
        }

        Plan plan() {
            return plan;
        }

        /** The image of a container of this profile. */
        Image image(String id, Streams streams) {
            return images.computeIfAbsent(
                            streams,
                            key -> new ImageTemplate(
                                    launcher.assemble(edit.apply(Composer.compose(plan, key))),
                                    plan.site().id()))
                    .with(id);
        }
    }
}
