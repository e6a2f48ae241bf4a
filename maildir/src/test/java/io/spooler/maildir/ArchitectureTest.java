package io.spooler.maildir;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the house. */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.spooler.maildir");
    private static final JavaClasses ALL = new ClassFileImporter().importPackages("io.spooler.maildir");

    @Test
    void onlyTheComponentsKnowOsgi() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.MirrorComponent(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.osgi.framework..", "org.osgi.service..")
                .check(MAIN);
    }

    @Test
    void nobodySleepsAndNobodyPrints() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ALL);
        noClasses().should().accessField(System.class, "out").check(ALL);
    }
}
