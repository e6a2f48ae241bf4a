package io.spooler.store.file;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The packages build upon one another in one direction; only the shell knows OSGi. */
class StructureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.spooler.store.file");

    @Test
    void hasNoCycles() {
        slices().matching("io.spooler.store.file.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void keepsTheJournalFreeOfMessages() {
        noClasses()
                .that()
                .resideInAPackage("..journal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.spooler.store", "..queue..", "..folder..", "..content..")
                .check(classes);
    }

    @Test
    void knowsOsgiInTheShellOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.spooler.store.file")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.osgi..")
                .check(classes);
    }
}
