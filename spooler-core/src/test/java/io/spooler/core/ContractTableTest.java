package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table in docs/contract.md: one row for each requirement, and every test that it names is there. */
class ContractTableTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (R\\d+) \\| [^|]+ \\| ([^|]+) \\|$");
    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+(?:Test|IT|Contract))\\.(\\w+)`");

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(ROOT.resolve("docs/contract.md")))
                .results()
                .toList();
    }

    @Test
    void has_one_row_for_each_requirement_that_names_a_test_or_says_what_is_missing() throws IOException {
        assertThat(rows())
                .extracting(row -> row.group(1))
                .isEqualTo(IntStream.rangeClosed(1, 70).mapToObj(i -> "R" + i).toList());
        assertThat(rows())
                .allSatisfy(row -> assertThat(row.group(2))
                        .as(row.group(1))
                        .containsPattern("`\\w+\\.\\w+`|not yet: |waits: issue [56]"));
    }

    @Test
    void names_only_tests_that_exist() throws IOException {
        for (MatchResult row : rows()) {
            for (MatchResult name : NAME.matcher(row.group(2)).results().toList()) {
                assertThat(source(name.group(1)))
                        .as("%s: %s", row.group(1), name.group(1))
                        .contains("void " + name.group(2) + "(");
            }
        }
    }

    private static String source(String test) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.filter(path -> Files.exists(path.resolve("pom.xml")))
                    .toList()) {
                text.append(source(module.resolve("src"), test));
            }
        }
        return text.toString();
    }

    private static String source(Path sources, String test) throws IOException {
        if (!Files.exists(sources)) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(path -> path.endsWith(test + ".java")).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
