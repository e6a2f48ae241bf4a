package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Draft;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.settings.SettingsException;
import io.spooler.store.Folders;
import io.spooler.store.MessageStore;
import io.spooler.store.StoreStatus.Condition;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell: settings, the lock, directories that cannot be used. */
class StoreComponentTest {

    @TempDir
    Path temp;

    private Map<String, Object> settings(String directory, Object... more) {
        Map<String, Object> map = new HashMap<>();
        map.put("directory", temp.resolve(directory).toString());
        map.put("minimum_free", "0");
        map.put("component.name", "some.framework.property");
        for (int i = 0; i < more.length; i += 2) {
            map.put(more[i].toString(), more[i + 1]);
        }
        return map;
    }

    private static SpoolId submit(MessageStore store, String text) throws Exception {
        try (Draft draft = store.begin(StoreKit.to("ann@example.org"))) {
            StoreKit.write(draft, text);
            return StoreKit.get(draft.commit());
        }
    }

    private static void refused(MessageStore store, Reason reason) {
        assertThatThrownBy(() -> store.begin(StoreKit.to("ann@example.org", "bob@example.org")))
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void hasADefaultForEverything() throws SettingsException {
        StoreOptions options = StoreOptions.of(Map.of());
        assertThat(options.directory()).isEqualTo(Path.of("data/spool"));
        assertThat(options.limits().messageSize()).isEqualTo(50L << 20);
        assertThat(options.limits().recipients()).isEqualTo(1000);
    }

    @Test
    void opensAndClosesAndOpensAgain() throws Exception {
        StoreComponent component = new StoreComponent();
        component.activate(settings("a"));
        SpoolId id = submit(component, "x");
        Folders folders = component.folders();
        component.deactivate();
        refused(component, Reason.STORE_STOPPED);
        assertThat(component.find(id)).isEmpty();
        assertThatThrownBy(() -> folders.exists("ann")).as("not: there is none").isInstanceOf(SpoolException.class);
        assertThat(component.status().condition()).isEqualTo(Condition.FAILED);
        component.activate(settings("a"));
        assertThat(component.find(id)).isPresent();
        assertThat(component.folders()).isSameAs(folders);
        component.deactivate();
    }

    @Test
    void refusesASecondInstance() throws Exception {
        StoreComponent first = new StoreComponent();
        StoreComponent second = new StoreComponent();
        first.activate(settings("a"));
        SpoolId id = submit(first, "x");
        second.activate(settings("a"));
        assertThat(second.status().condition()).isEqualTo(Condition.FAILED);
        assertThat(second.status().text())
                .contains(temp.resolve("a").toString())
                .contains("in use by another instance")
                .contains("stop it");
        refused(second, Reason.STORE_STOPPED);
        assertThat(second.claim(10, Instant.now(), StoreKit.LEASE)).isEmpty();
        assertThat(second.folders().mailboxes()).isEmpty();
        first.deactivate();
        second.modified(settings("a"));
        assertThat(second.find(id)).isPresent();
        second.deactivate();
    }

    @Test
    void saysWhyADirectoryCannotBeUsed() throws IOException {
        Files.writeString(temp.resolve("file"), "in the way");
        StoreComponent component = new StoreComponent();
        component.activate(settings("file/spool"));
        assertThat(component.status().condition()).isEqualTo(Condition.FAILED);
        assertThat(component.status().text()).contains("file/spool").contains("cannot be written");
        refused(component, Reason.STORE_STOPPED);
        component.modified(settings("other"));
        assertThat(component.status().condition()).isEqualTo(Condition.AVAILABLE);
        component.deactivate();
    }

    @Test
    void keepsTheFormerSettingsIfNewOnesAreWrong() throws Exception {
        StoreComponent component = new StoreComponent();
        component.activate(settings("a", "max_recipients", "1"));
        refused(component, Reason.TOO_MANY_RECIPIENTS);
        component.modified(settings("a", "max_recipients", "none"));
        component.modified(settings("a", "max_recipient", "7"));
        refused(component, Reason.TOO_MANY_RECIPIENTS);
        component.modified(settings("a", "max_recipients", 2));
        component.begin(StoreKit.to("ann@example.org", "bob@example.org")).close();
        component.deactivate();
    }

    @Test
    void staysUpWithWrongFirstSettings() {
        StoreComponent component = new StoreComponent();
        component.activate(settings("a", "retention", "for ever"));
        assertThat(component.status().condition()).isEqualTo(Condition.FAILED);
        assertThat(component.status().text()).contains("retention").contains("for ever");
        component.modified(settings("a"));
        assertThat(component.status().condition()).isEqualTo(Condition.AVAILABLE);
        component.deactivate();
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        StoreComponent component = new StoreComponent();
        component.activate(settings("a", "max_message_size", "100k", "inline_threshold", "10k"));
        submit(component, "x".repeat(100 * 1024));
        try (Draft draft = component.begin(StoreKit.to("ann@example.org"))) {
            StoreKit.write(draft, "x".repeat(60 * 1024));
            assertThatThrownBy(() -> StoreKit.write(draft, "x".repeat(60 * 1024)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("max_message_size");
            StoreKit.refused(draft.commit(), Reason.TOO_LARGE);
        }
        assertThat(Trees.list(temp.resolve("a/content"))).hasSize(1);
        component.deactivate();
    }

    @Test
    void takesNothingOnAFullDisk() throws Exception {
        StoreComponent component = new StoreComponent();
        component.activate(settings("a", "minimum_free", "1000000G"));
        refused(component, Reason.STORE_FULL);
        assertThat(component.status().condition()).isEqualTo(Condition.FULL);
        assertThatThrownBy(() -> component.folders().receive()).isInstanceOf(SpoolException.class);
        component.modified(settings("a"));
        submit(component, "x");
        component.deactivate();
    }

    @Test
    void hasATransportOfItsOwnThatCanBeChanged() throws Exception {
        StoreComponent component = new StoreComponent();
        assertThat(component.transport()).isEmpty();
        component.activate(settings("a"));
        assertThat(component.transport()).isEqualTo("loopback");
        SpoolId id = submit(component, "x");
        component.modified(settings("a", "transport", "none"));
        assertThat(component.transport()).isEmpty();
        component.modified(settings("a", "transport", "other"));
        assertThat(component.transport()).isEqualTo("other");
        assertThat(component.find(id)).isPresent();
        component.deactivate();
        assertThat(component.transport()).isEmpty();
    }
}
