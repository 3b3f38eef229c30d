package dev.caisson.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.caisson.api.Backend;
import dev.caisson.api.CaissonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Assertions;

/** What all code here has in common. */
@AnalyzeClasses(
        packages = "dev.caisson",
        importOptions = {ImportOption.DoNotIncludeTests.class, Modules.WithoutGenerated.class})
class CodeRulesTest {

    /** Rules pass on what was not found: so this looks whether everything was. */
    @ArchTest
    static void everyModuleWasFound(JavaClasses found) {
        for (String module : List.of(
                "api",
                "program",
                "launcher",
                "launcher.assembly",
                "layers",
                "namespaces",
                "chroot",
                "seccomp",
                "cgroupv1",
                "cgroupv2",
                "overlay",
                "vfs",
                "engine",
                "engine.process",
                "engine.profile",
                "cli")) {
            Assertions.assertTrue(
                    found.stream()
                            .anyMatch(type -> type.getPackageName().equals("dev.caisson." + module)
                                    && !type.getSimpleName().equals("package-info")),
                    "no class of dev.caisson." + module + " was found");
        }
        Assertions.assertTrue(found.size() > 250, "only " + found.size() + " classes were found");
    }

    @ArchTest
    static final ArchRule packagesAreNullMarked = classes()
            .should(new ArchCondition<>("be in a package with @NullMarked") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    events.add(new SimpleConditionEvent(
                            type,
                            type.getPackage().isAnnotatedWith(NullMarked.class),
                            type.getName() + " is in a package whose package-info lacks @NullMarked, or has none"));
                }
            })
            .because("NullAway looks only there, and a package-info says what lives in a package");

    @ArchTest
    static final ArchRule backendsHoldNoState = classes()
            .that()
            .areAssignableTo(Backend.class)
            .should(new ArchCondition<>("have no fields but static ones") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    type.getFields().stream()
                            .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                            .forEach(field -> events.add(SimpleConditionEvent.violated(type, field.getDescription())));
                }
            })
            .because(
                    "one instance serves every container and any number of threads: everything comes in the arguments");

    @ArchTest
    static final ArchRule backendsCanBeFound = classes()
            .that()
            .implement(Backend.class)
            .should()
            .bePublic()
            .andShould()
            .haveModifier(JavaModifier.FINAL)
            .because("ServiceLoader constructs them, and nobody is meant to change one by inheriting from it");

    @ArchTest
    static final ArchRule staticFieldsAreConstants = fields().that()
            .areStatic()
            .should()
            .beFinal()
            .andShould()
            .notHaveRawType(describe(
                    "made to be changed",
                    type -> type.getPackageName().startsWith("java.util.concurrent")
                            || type.isAssignableTo(ThreadLocal.class)))
            .because("two engines in one JVM, and two tests, must not know of each other");

    @ArchTest
    static final ArchRule namesSayWhatThingsAre = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .because("such a name says that its author did not know what the class is");

    @ArchTest
    static final ArchRule nothingSleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .orShould()
            .callMethod(java.util.concurrent.TimeUnit.class, "sleep", long.class)
            .because("who waits for something waits for that very thing: a descriptor, a lock, a future");

    @ArchTest
    static final ArchRule nothingRunsProgramsOfTheHost = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class)
            .orShould()
            .callMethod(Runtime.class, "exec", String.class)
            .orShould()
            .callMethod(Runtime.class, "exec", String[].class)
            .because("a program of the host's that is run for its output is a path, a locale and a version to trust;"
                    + " what starts is a launch program, through posix_spawn");

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints = noClasses()
            .that()
            .resideOutsideOfPackage(Modules.CLI)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("the standard streams belong to the program that uses this library");

    @ArchTest
    static final ArchRule onlyTheCommandLineExits = noClasses()
            .that()
            .resideOutsideOfPackage(Modules.CLI)
            .should()
            .callMethod(System.class, "exit", int.class)
            .because("the JVM belongs to the program that uses this library");

    @ArchTest
    static final ArchRule nothingLogs = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.logging..")
            .because(
                    "what a caller should know is a finding, a verdict or an exception, and not a line that nobody reads");

    @ArchTest
    static final ArchRule exceptionsSayWhoMustAct = classes()
            .should(new ArchCondition<>("make only exceptions that say who must act") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    for (JavaConstructorCall call : type.getConstructorCallsFromSelf()) {
                        JavaClass made = call.getTargetOwner();
                        boolean ofSuperclass = type.isAssignableTo(Throwable.class);
                        if (made.isAssignableTo(Throwable.class) && !ofSuperclass) {
                            events.add(new SimpleConditionEvent(type, says(made), call.getDescription()));
                        }
                    }
                }
            })
            .because("a ProfileException is for the profile's author, a HostException for the host's administrator,"
                    + " a BackendException for a backend's author; a mistake in calling is an IllegalArgumentException or"
                    + " -StateException, and what cannot be is an AssertionError");

    private static boolean says(JavaClass exception) {
        boolean subtype =
                exception.isAssignableTo(CaissonException.class) && !exception.isEquivalentTo(CaissonException.class);
        return subtype
                || exception.isAssignableTo(IllegalArgumentException.class)
                || exception.isAssignableTo(IllegalStateException.class)
                || exception.isAssignableTo(UnsupportedOperationException.class)
                || exception.isAssignableTo(AssertionError.class)
                || exception.isAssignableTo(IOException.class) // of a stream, or on its way into one of the above
                || exception.isAssignableTo(UncheckedIOException.class) // of a resource in our own jar
                || exception.getName().equals("picocli.CommandLine$ParameterException")
                || exception.isEquivalentTo(IncompatibleClassChangeError.class); // javac, in a switch over an enum
    }

    @ArchTest
    static final ArchRule exceptionsOfOursAreUnchecked = classes()
            .that()
            .areAssignableTo(Exception.class)
            .should()
            .beAssignableTo(CaissonException.class)
            .because("one type to catch, whose subtypes say who must act");
}
