package dev.caisson.engine;

import dagger.BindsInstance;
import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import dagger.Subcomponent;
import dev.caisson.launcher.Launcher;
import dev.caisson.launcher.Streams;
import dev.caisson.launcher.assembly.Image;
import dev.caisson.program.LaunchProgram;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.function.Supplier;
import javax.inject.Scope;

/** One container: its plan, and what is made of it. */
@ContainerComponent.PerContainer
@Subcomponent(modules = ContainerComponent.LaunchModule.class)
interface ContainerComponent {

    /** The launch program; composing changes nothing. */
    LaunchProgram program();

    /** Starts it. */
    Container start();

    /** Made once for each container. */
    @Scope
    @Retention(RetentionPolicy.RUNTIME)
    @interface PerContainer {}

    /** Opens the scope of a container. */
    @Subcomponent.Factory
    interface Factory {
        ContainerComponent create(
                @BindsInstance Plan plan, @BindsInstance Streams streams, @BindsInstance Supplier<Image> image);
    }

    /** From plan to program to container. */
    @Module
    interface LaunchModule {

        @Provides
        @PerContainer
        static LaunchProgram program(Plan plan, Streams streams) {
            return Composer.compose(plan, streams);
        }

        @Provides
        @PerContainer
        static Container container(
                Plan plan, Streams streams, Lazy<LaunchProgram> program, Supplier<Image> image, Launcher launcher) {
            return Container.started(plan, program::get, launcher.start(image.get(), streams));
        }
    }
}
