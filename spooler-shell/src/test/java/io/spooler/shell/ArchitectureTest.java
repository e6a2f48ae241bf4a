package io.spooler.shell;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the house. */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.spooler.shell");
    private static final JavaClasses ALL = new ClassFileImporter().importPackages("io.spooler.shell");

    @Test
    void onlyTheComponentsKnowOsgi() {
        noClasses()
                .that()
                .haveNameNotMatching(".*(Commands|ReadyBanner|ControlComponent)(\\$.*)?")
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

    @Test
    void theShellSeesProvidersOnlyThroughTheAdministration() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "io.spooler.(store.(MessageStore|Folders)|transport.(TransportProvider|Inlet)|hook..*)")
                .check(MAIN);
    }

    @Test
    void theClientNeedsNothingButTheJdk() {
        classes()
                .that()
                .haveNameMatching(".*\\.(ControlClient|SocketPlace|Frames)")
                .should()
                .onlyDependOnClassesThat()
                .haveNameMatching(
                        "(\\[+L?)?java\\..*|\\[*[BCI]|byte|int|boolean|void|.*\\.(ControlClient|SocketPlace|Frames)")
                .check(MAIN);
    }
}
