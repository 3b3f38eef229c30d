package dev.caisson.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;

/** Which module may know which. */
@AnalyzeClasses(
        packages = "dev.caisson",
        importOptions = {ImportOption.DoNotIncludeTests.class, Modules.WithoutGenerated.class})
class DependencyRulesTest {

    private static final Set<String> JAVA_BASE =
            ModuleLayer.boot().findModule("java.base").orElseThrow().getPackages();

    private static final DescribedPredicate<JavaClass> IN_JAVA_BASE = describe(
            "are in the module java.base",
            type -> type.isPrimitive()
                    || JAVA_BASE.contains(type.getBaseComponentType().getPackageName()));

    /** Annotations for the compiler and for readers, which nothing needs at run time. */
    private static final DescribedPredicate<JavaClass> ANNOTATIONS = resideInAnyPackage("org.jspecify.annotations");

    @ArchTest
    static final ArchRule theApiNeedsNothingButJavaBase = classes()
            .that()
            .resideInAnyPackage(Modules.ISOLATION_API)
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage(Modules.ISOLATION_API).or(IN_JAVA_BASE).or(ANNOTATIONS))
            .because("whoever writes a backend should get nothing else on the class path,"
                    + " and a launch program must be readable wherever there is Java");

    @ArchTest
    static final ArchRule theLaunchProgramKnowsNoBackendInterface = noClasses()
            .that()
            .resideInAPackage("dev.caisson.program..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.caisson.api..")
            .because("the program is the common language: it must make sense without containers, profiles and probes");

    @ArchTest
    static final ArchRule onlyTheLauncherTouchesNativeCode = noClasses()
            .that()
            .resideOutsideOfPackage(Modules.LAUNCHER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..")
            .because("native calls are where a JVM can be crashed; everything else asks the Host, which tests replace");

    @ArchTest
    static final ArchRule theAssemblerOnlyComputes = classes()
            .that()
            .resideInAPackage(Modules.ASSEMBLY)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            Modules.ASSEMBLY, "dev.caisson.program..", "java.lang", "java.lang.runtime")
                    .or(resideInAnyPackage("java.util..", "java.nio", "java.nio.charset", "java.time"))
                    .or(describe("are byte streams", type -> type.getName().startsWith("java.io.ByteArray")))
                    .or(ANNOTATIONS)
                    .or(describe(
                            "are primitive", type -> type.getBaseComponentType().isPrimitive())))
            .because("assembling is a function from a program to bytes:"
                    + " it opens no file and starts no process, so it is tested for both architectures on one");

    @ArchTest
    static final ArchRule theLauncherKnowsNoContainer = classes()
            .that()
            .resideInAPackage(Modules.LAUNCHER)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(Modules.ISOLATION_API)
                    .or(resideInAnyPackage(Modules.LAUNCHER, "com.sun.jna.."))
                    .or(IN_JAVA_BASE)
                    .or(ANNOTATIONS))
            .because("it runs launch programs, whatever they are for");

    @ArchTest
    static final ArchRule layersKnowOnlyTheApi = classes()
            .that()
            .resideInAPackage(Modules.LAYERS)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(Modules.ISOLATION_API)
                    .or(resideInAnyPackage(Modules.LAYERS))
                    .or(IN_JAVA_BASE)
                    .or(ANNOTATIONS))
            .because("every root file system provider shares it");

    @ArchTest
    static final ArchRule isolatorsAndControllersKnowOnlyTheApi = classes()
            .that()
            .resideInAnyPackage(
                    Modules.NAMESPACES, Modules.CHROOT, Modules.SECCOMP, Modules.CGROUP_V1, Modules.CGROUP_V2)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(Modules.ISOLATION_API)
                    .or(resideInAnyPackage(Modules.BACKENDS))
                    .or(IN_JAVA_BASE)
                    .or(ANNOTATIONS))
            .because("our backends are to have no door that others' do not have");

    @ArchTest
    static final ArchRule rootfsProvidersKnowOnlyTheApiAndLayers = classes()
            .that()
            .resideInAnyPackage(Modules.OVERLAY, Modules.VFS)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(Modules.ISOLATION_API)
                    .or(resideInAnyPackage(Modules.BACKENDS))
                    .or(resideInAnyPackage(Modules.LAYERS))
                    .or(IN_JAVA_BASE)
                    .or(ANNOTATIONS))
            .because("our backends are to have no door that others' do not have");

    @ArchTest
    static final ArchRule noBackendKnowsAnother = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return resideInAnyPackage(Modules.BACKENDS).test(type)
                            ? SliceIdentifier.of(type.getPackageName().split("\\.", -1)[2])
                            : SliceIdentifier.ignore();
                }

                @Override
                public String getDescription() {
                    return "backends";
                }
            })
            .should()
            .notDependOnEachOther()
            .because("what one must know of another is a Feature that the other offers");

    @ArchTest
    static final ArchRule theEngineKnowsNoBackend = noClasses()
            .that()
            .resideInAnyPackage(Modules.ENGINE, Modules.CLI, Modules.LAUNCHER, Modules.LAYERS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(Modules.BACKENDS)
            .because("a backend in a jar of somebody else's must be able to do all that ours can");

    @ArchTest
    static final ArchRule theCommandLineUsesTheEngineAsAnybodyWould = noClasses()
            .that()
            .resideInAPackage(Modules.CLI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.caisson.engine.process..", "dev.caisson.launcher.assembly..", "dagger..")
            .because("whatever the command can do, a Java program must be able to do with the same classes");

    @ArchTest
    static final ArchRule onlyOneClassLooksForBackends = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.caisson.engine.BackendsModule")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(java.util.ServiceLoader.class)
            .because("where ServiceLoader ends and Dagger begins is one place,"
                    + " in which one broken provider becomes a sentence and not a failure of all");

    @ArchTest
    static final ArchRule daggerStaysInTheEngine = noClasses()
            .that()
            .resideOutsideOfPackage(Modules.ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dagger..", "javax.inject..", "jakarta.inject..")
            .because("Dagger composes the engine and opens one scope for each container;"
                    + " a backend is constructed by ServiceLoader, without parameters");

    @ArchTest
    static final ArchRule noBindingHasAName = noClasses()
            .that()
            .resideInAPackage(Modules.ENGINE)
            .should()
            .dependOnClassesThat(describe(
                    "give a binding a name",
                    type -> Set.of(
                                    "javax.inject.Named",
                                    "jakarta.inject.Named",
                                    "dagger.multibindings.StringKey",
                                    "dagger.multibindings.IntoMap",
                                    "dagger.MapKey")
                            .contains(type.getName())))
            .because("a binding that names a backend would be knowledge of it; backends come as sets");

    @ArchTest
    static final ArchRule noPackageCycles = slices().matching("dev.caisson.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package that can be read without another is one that can be understood");

    @ArchTest
    static final ArchRule jacksonStaysInTheEngine = noClasses()
            .that()
            .resideOutsideOfPackage(Modules.ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml..", "org.yaml..", "org.snakeyaml..")
            .because("backends get their settings bound to a record of their own, whatever the profile was written in");
}
