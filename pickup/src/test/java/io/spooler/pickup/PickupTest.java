package io.spooler.pickup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Envelope;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.transport.Inlet;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus.Condition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files become messages once, whatever happens on the way. */
class PickupTest {

    private static final String MESSAGE = "From: ann@example.org\nTo: bob@example.org\nSubject: hello\n\ntext\n";

    @TempDir
    private Path temp;

    private final Map<String, SpoolId> known = new ConcurrentHashMap<>();
    private final List<String> contents = new ArrayList<>();
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private volatile SpoolException.@Nullable Reason refusal;
    private volatile boolean lost;
    private @Nullable Pickup pickup;

    @AfterEach
    void close() {
        if (pickup != null) {
            pickup.close();
        }
    }

    /** Like a store: the same key is the same message. */
    private SpoolId submit(Envelope envelope, io.spooler.ContentSource content) throws SpoolException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            content.writeTo(out);
        } catch (IOException e) {
            throw new SpoolException(SpoolException.Reason.BAD_CONTENT, "unreadable", e);
        }
        String key = String.valueOf(envelope.options().idempotencyKey());
        try {
            return accept(key, out.toString(UTF_8));
        } finally {
            calls.add(key);
        }
    }

    private SpoolId accept(String key, String text) throws SpoolException {
        SpoolException.Reason reason = refusal;
        if (reason != null) {
            throw new SpoolException(reason, "refused for a test");
        }
        SpoolId id = known.computeIfAbsent(key, k -> {
            contents.add(text);
            return new SpoolId(1, contents.size());
        });
        if (lost) {
            throw new IllegalStateException("the process ends here");
        }
        return id;
    }

    private Path directory() {
        return temp.resolve("pickup");
    }

    private Pickup open(Duration interval) {
        Pickup made = new Pickup(this::submit, new PickupSettings(directory(), interval));
        pickup = made;
        made.openInbound(inlet());
        return made;
    }

    private static Inlet inlet() {
        return arrival -> {
            throw new SpoolException(SpoolException.Reason.NO_STORE, "not used");
        };
    }

    private void put(String name, String text) throws IOException {
        Files.createDirectories(directory());
        Path temporary = Files.writeString(temp.resolve(name + ".tmp"), text);
        Files.move(temporary, directory().resolve(name));
    }

    private void awaitCalls(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertThat(calls.poll(20, TimeUnit.SECONDS))
                    .as("submission " + (i + 1))
                    .isNotNull();
        }
    }

    private List<String> left() throws IOException {
        try (var files = Files.walk(directory())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void takesWholeFilesAndRemovesThem() throws Exception {
        put("b.eml", MESSAGE);
        put("c.eml.part", MESSAGE);
        put(".d.eml", MESSAGE);
        Files.createSymbolicLink(directory().resolve("e.eml"), Files.writeString(temp.resolve("secret"), MESSAGE));
        Pickup made = open(Duration.ofMillis(100));
        awaitCalls(1);
        put("a.eml", MESSAGE.replace("text", "second"));
        awaitCalls(1);
        assertThat(made.status().condition()).isEqualTo(Condition.AVAILABLE);
        assertThat(made.operations()).containsExactly(TransportProvider.Operation.INBOUND);
        made.close();
        assertThat(contents)
                .containsExactly(
                        MESSAGE.replace("\n", "\r\n"),
                        MESSAGE.replace("text", "second").replace("\n", "\r\n"));
        assertThat(left()).containsExactly(".d.eml", "c.eml.part", "e.eml");
        assertThat(calls).isEmpty();
    }

    @Test
    void isTheSameMessageIfTheProcessEndsBeforeTheFileIsGone() throws Exception {
        put("a.eml", MESSAGE);
        lost = true;
        Pickup first = open(Duration.ofHours(1));
        awaitCalls(1);
        first.close();
        assertThat(left()).containsExactly("a.eml");
        lost = false;
        Pickup second = open(Duration.ofHours(1));
        awaitCalls(1);
        second.close();
        assertThat(known).hasSize(1);
        assertThat(left()).isEmpty();
    }

    @Test
    void aLaterFileOfTheSameNameIsAnotherMessage() throws Exception {
        put("a.eml", MESSAGE);
        Pickup first = open(Duration.ofHours(1));
        awaitCalls(1);
        first.close();
        put("a.eml", MESSAGE.replace("hello", "other"));
        Pickup second = open(Duration.ofHours(1));
        awaitCalls(1);
        second.close();
        assertThat(contents).hasSize(2);
    }

    @Test
    void putsAsideWhatCanNeverBeTakenAndGoesOn() throws Exception {
        put("a.eml", "no header\n");
        put("b.eml", MESSAGE);
        Pickup made = open(Duration.ofHours(1));
        awaitCalls(1);
        made.close();
        assertThat(left()).containsExactly("failed/a.eml", "failed/a.eml.txt");
        assertThat(Files.readString(directory().resolve("failed/a.eml.txt")))
                .contains("empty line between header and text");
        assertThat(contents).hasSize(1);
    }

    @Test
    void putsAsideWhatTheStoreRefusesForEver() throws Exception {
        put("a.eml", MESSAGE);
        refusal = SpoolException.Reason.TOO_LARGE;
        Pickup made = open(Duration.ofHours(1));
        awaitCalls(1);
        made.close();
        assertThat(left()).containsExactly("failed/a.eml", "failed/a.eml.txt");
    }

    @Test
    void waitsForAStoreAndSaysSo() throws Exception {
        put("a.eml", MESSAGE);
        put("b.eml", MESSAGE);
        refusal = SpoolException.Reason.STORE_FULL;
        Pickup made = open(Duration.ofMillis(100));
        awaitCalls(2);
        assertThat(made.status().condition()).isEqualTo(Condition.OFFLINE);
        assertThat(made.status().text()).contains("refused for a test");
        assertThat(left()).containsExactly("a.eml", "b.eml");
        refusal = null;
        while (known.size() < 2) {
            awaitCalls(1);
        }
        made.close();
        assertThat(left()).isEmpty();
        assertThat(made.status().text()).doesNotContain("refused");
    }

    @Test
    void takesNothingWhileNothingMayComeIn() throws Exception {
        put("a.eml", MESSAGE);
        Pickup made = new Pickup(this::submit, new PickupSettings(directory(), Duration.ofMillis(100)));
        made.round();
        assertThat(left()).containsExactly("a.eml");
        made.openInbound(inlet());
        awaitCalls(1);
        made.closeInbound();
        put("b.eml", MESSAGE);
        made.round();
        made.close();
        assertThat(left()).containsExactly("b.eml");
    }

    @Test
    void makesItsDirectoryForItsUserAndRefusesOneForEverybody() throws Exception {
        Pickup made = new Pickup(this::submit, new PickupSettings(directory(), Duration.ofHours(1)));
        made.round();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
        made.round();
        assertThat(made.status().text()).contains("chmod o-w");
        made.close();
    }
}
