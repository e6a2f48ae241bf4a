package io.spooler.smtp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the house. */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.spooler.smtp");

    @Test
    void clientAndListenerKnowNothingOfEachOther() {
        slices().matching("io.spooler.smtp.(*)..").should().beFreeOfCycles().check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("..client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..listener..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("..listener..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..client..")
                .check(MAIN);
    }

    @Test
    void onlyTheShellKnowsTheContainer() {
        noClasses()
                .that()
                .haveSimpleNameNotContaining("Component")
                .and()
                .doNotHaveSimpleName("EventLoops")
                .and()
                .haveSimpleNameNotContaining("Publication")
                .and()
                .haveSimpleNameNotContaining("Metatype")
                .and()
                .haveSimpleNameNotContaining("Config")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.osgi.framework..", "org.osgi.service..")
                .check(MAIN);
    }

    @Test
    void nobodySleepsAndNobodyPrints() {
        JavaClasses all = new ClassFileImporter().importPackages("io.spooler.smtp");
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(all);
        noClasses().should().accessField(System.class, "out").check(all);
    }
}
