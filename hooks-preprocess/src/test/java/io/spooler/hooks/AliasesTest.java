package io.spooler.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.access.RecipientCheck.Verdict;
import io.spooler.hook.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AliasesTest {

    @TempDir
    private Path directory;

    private Map<String, Object> settings(String domains) throws IOException {
        Path file = Files.writeString(directory.resolve("aliases"), "team: a@example.org, b@example.org");
        return Map.of("spooler.hook.name", "aliases", "file", file.toString(), "domains", domains);
    }

    @Test
    void expandsAndContinues() throws IOException {
        Aliases aliases = new Aliases(settings("x.org, y.org"));
        assertThat(aliases.process(Messages.to("team@Y.org", "c@example.org")))
                .isInstanceOfSatisfying(
                        Decision.Change.class,
                        change -> assertThat(change.recipients())
                                .extracting(recipient -> recipient.address().value())
                                .containsExactly("a@example.org", "b@example.org", "c@example.org"));
        assertThat(aliases.process(Messages.to("c@example.org", "team@example.org")))
                .isSameAs(Decision.CONTINUE);
    }

    @Test
    void knowsAliasesAndLeavesTheOthersToWhoeverKnowsThem() throws IOException {
        Aliases aliases = new Aliases(settings("x.org"));
        assertThat(aliases.check(Address.smtp("Team@X.org"))).isCompletedWithValue(Verdict.KNOWN);
        assertThat(aliases.check(Address.smtp("team@y.org"))).isCompletedWithValue(Verdict.NOT_MINE);
        assertThat(aliases.check(Address.smtp("ann@x.org"))).isCompletedWithValue(Verdict.NOT_MINE);
        assertThat(new Aliases(Map.of("flie", "x")).check(Address.smtp("ann@x.org")))
                .isCompletedWithValue(Verdict.LATER);
    }

    @Test
    void worksWithoutConfigurationAndFile() throws IOException {
        assertThat(new Aliases(Map.of()).process(Messages.to("team@spooler.local")))
                .isSameAs(Decision.CONTINUE);
    }

    @Test
    void keepsFormerSettings() throws IOException {
        Aliases aliases = new Aliases(settings("x.org"));
        aliases.modified(settings("@x.org"));
        assertThat(aliases.process(Messages.to("team@x.org"))).isInstanceOf(Decision.Change.class);
    }

    @Test
    void holdsMailBackWithoutAnyValidSettings() throws IOException {
        Aliases aliases = new Aliases(Map.of("flie", "x"));
        assertThatThrownBy(() -> aliases.process(Messages.to("a@x.org")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("io.spooler.hooks.aliases: flie is unknown; known are domains, file");
        aliases.modified(settings("x.org"));
        assertThat(aliases.process(Messages.to("team@x.org"))).isInstanceOf(Decision.Change.class);
    }
}
