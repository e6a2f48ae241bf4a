package io.spooler.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.spooler.RecipientState;
import io.spooler.core.claim.Transitions;
import io.spooler.core.control.Probes;
import io.spooler.core.registry.TransportEntry;
import io.spooler.transport.TransportProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of the house, and the table in ARCHITECTURE.md. */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.spooler.core");
    private static final JavaClasses ALL = new ClassFileImporter().importPackages("io.spooler.core");

    @Test
    void packages_form_no_cycle() {
        slices().matching("io.spooler.core.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void core_knows_no_provider_and_below_the_shell_nothing_knows_osgi() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.spooler.store.file..", "io.spooler.smtp..", "io.spooler.loopback..", "io.spooler.hooks..")
                .check(MAIN);
        noClasses()
                .that()
                .doNotHaveSimpleName("CoreComponent")
                .and()
                .doNotHaveSimpleName("CoreMetatype")
                .and()
                .doNotHaveSimpleName("EventAdminBridge")
                .and()
                .doNotHaveSimpleName("ConfigurationWatch")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.osgi.framework..", "org.osgi.service..")
                .check(MAIN);
    }

    /** R67: a check may connect, so nothing starts one by itself. */
    @Test
    void nobody_but_an_order_lets_a_transport_look() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Probes")
                .should()
                .callMethod(TransportProvider.class, "validate")
                .check(MAIN);
        noClasses()
                .that()
                .doNotHaveSimpleName("Control")
                .should()
                .callMethod(Probes.class, "begin", TransportEntry.class)
                .check(MAIN);
    }

    @Test
    void nobody_sleeps_and_nobody_prints() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ALL);
        noClasses().should().accessField(System.class, "out").check(ALL);
    }

    @Test
    void the_table_of_transitions_in_the_architecture_is_the_one_in_the_code() throws Exception {
        Map<RecipientState, Set<RecipientState>> table = new EnumMap<>(RecipientState.class);
        Pattern row = Pattern.compile("\\| ([A-Z]+) \\| ([A-Z]+) \\| .+ \\|");
        for (String line : Files.readAllLines(Path.of("..", "ARCHITECTURE.md"))) {
            Matcher m = row.matcher(line);
            if (m.matches()) {
                assertThat(table.computeIfAbsent(
                                        RecipientState.valueOf(m.group(1)), s -> EnumSet.noneOf(RecipientState.class))
                                .add(RecipientState.valueOf(m.group(2))))
                        .as("named once: %s", line)
                        .isTrue();
            }
        }
        for (RecipientState from : RecipientState.values()) {
            assertThat(table.getOrDefault(from, Set.of())).as("from %s", from).isEqualTo(Transitions.from(from));
        }
    }
}
