package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The distribution is complete: every bundle is active, every component that has something to do is satisfied, nothing complains. */
@Timeout(120)
class BundlesIT {

    @TempDir
    Path temp;

    @Test
    void everyBundleIsActiveAndNoComponentLacksAnything() throws IOException {
        try (Instance instance = Instance.in(temp.resolve("i")).smartHost(1).start()) {
            List<String> bundles = rows(instance.sh("lb -s"), "|");
            assertThat(bundles).hasSizeGreaterThan(30);
            assertThat(bundles)
                    .filteredOn(row -> !row.contains("|Active "))
                    .allSatisfy(row -> assertThat(row).contains("|Resolved ", "native"));

            List<String> components = List.of(instance.sh("scr:list").ok().split("(?m)^(?=\\S)", -1));
            assertThat(components).hasSizeGreaterThan(10);
            // There for Event Admin's handlers only, and nobody handles anything yet.
            assertThat(components)
                    .filteredOn(component -> component.contains("State:UNSATISFIED"))
                    .singleElement()
                    .asString()
                    .contains("EventAdminBridge");

            assertThat(instance.output().lines())
                    .noneSatisfy(line -> assertThat(line).containsAnyOf(" WARN ", " ERROR ", "Exception", "WARNING"));
        }
    }

    private static List<String> rows(Ran ran, String mark) {
        try (Stream<String> lines = ran.ok().lines()) {
            return lines.filter(line -> line.contains(mark) && !line.contains("|State"))
                    .toList();
        }
    }
}
