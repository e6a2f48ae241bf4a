package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.settings.SettingsException;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.smtp.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy says, and how long it holds. */
class StsPolicyTest {

    private static final String TEXT = String.join(
            "\r\n",
            "version: STSv1",
            "mode: enforce",
            "mx: mail.example.com",
            "mx: *.example.net",
            "max_age: 604800",
            "new: thing");

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-04T05:06:07Z"));
    private final Deque<String> policies = new ArrayDeque<>();
    private final List<String> fetched = new ArrayList<>();
    private List<String> texts = List.of("v=STSv1; id=1;");
    /** An answer that comes when the test wants it, or null. */
    private CompletableFuture<String> slow;

    private final Names names = new Names() {
        @Override
        public CompletionStage<List<Exchanger>> exchangers(String domain) {
            throw new AssertionError(domain);
        }

        @Override
        public CompletionStage<List<String>> texts(String name) {
            assertThat(name).isEqualTo("_mta-sts.example.org");
            return texts.contains("fail")
                    ? CompletableFuture.failedFuture(new Unroutable(false, "4.4.3", "fails"))
                    : CompletableFuture.completedFuture(texts);
        }

        @Override
        public CompletionStage<List<InetAddress>> addresses(String host) {
            throw new AssertionError(host);
        }
    };

    private final Sts sts = new Sts(names, this::fetch, new StsCache(), clock);

    private CompletionStage<String> fetch(String domain) {
        fetched.add(domain);
        if (slow != null) {
            return slow;
        }
        return policies.isEmpty()
                ? CompletableFuture.failedFuture(new IOException("404"))
                : CompletableFuture.completedFuture(policies.remove());
    }

    private Optional<StsPolicy> present() {
        return Rig.await(sts.of("example.org"));
    }

    @Test
    void readsAPolicy() {
        StsPolicy policy = StsPolicy.parse(TEXT).orElseThrow();
        assertThat(policy.enforced()).isTrue();
        assertThat(policy.maxAge()).isEqualTo(Duration.ofDays(7));
        assertThat(policy.allows("MAIL.example.com")).isTrue();
        assertThat(policy.allows("a.example.net")).isTrue();
        for (String host :
                List.of("example.com", "a.mail.example.com", "example.net", "a.b.example.net", "xexample.net")) {
            assertThat(policy.allows(host)).as(host).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"version: STSv1", "mode: enforce", "max_age: 604800"})
    void refusesHalfAPolicy(String line) {
        assertThat(StsPolicy.parse(TEXT.replace(line, "x: y"))).isEmpty();
        assertThat(StsPolicy.parse(TEXT.replace("mx:", "my:"))).isEmpty();
        assertThat(StsPolicy.parse(TEXT.replace("604800", "-1"))).isEmpty();
        assertThat(StsPolicy.parse("")).isEmpty();
    }

    @Test
    void fetchesEachVersionOnce() {
        policies.add(TEXT);
        assertThat(present().orElseThrow().enforced()).isTrue();
        assertThat(present()).isPresent();
        assertThat(fetched).hasSize(1);
        texts = List.of("other", "v=STSv1;id=2");
        policies.add(TEXT.replace("enforce", "testing"));
        assertThat(present().orElseThrow().enforced()).isFalse();
        assertThat(fetched).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "nothing", "v=STSv1;", "v=STSv1; id=1!"})
    void keepsItAsLongAsItSays(String text) {
        policies.add(TEXT);
        assertThat(present()).isPresent();
        texts = List.of(text);
        clock.advance(Duration.ofDays(7).minusSeconds(1));
        assertThat(present()).isPresent();
        clock.advance(Duration.ofSeconds(1));
        assertThat(present()).isEmpty();
        assertThat(fetched).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"604800, 86400", "3600, 1800"})
    void fetchesItAgainBeforeItsEnd(long age, long stale) {
        String text = TEXT.replace("604800", String.valueOf(age));
        policies.add(text);
        assertThat(present()).isPresent();
        clock.advance(Duration.ofSeconds(stale - 1));
        assertThat(present()).isPresent();
        assertThat(fetched).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        policies.add(text);
        assertThat(present()).isPresent();
        assertThat(fetched).hasSize(2);
        clock.advance(Duration.ofSeconds(age - 1));
        assertThat(present()).as("it holds anew").isPresent();
    }

    @Test
    void nobodyWaitsForThat() {
        policies.add(TEXT);
        assertThat(present()).isPresent();
        clock.advance(Duration.ofDays(1));
        slow = new CompletableFuture<>();
        assertThat(present()).isPresent();
        assertThat(present()).isPresent();
        assertThat(fetched).as("once at a time").hasSize(2);
        slow.complete(TEXT.replace("enforce", "testing"));
        assertThat(present().orElseThrow().enforced()).isFalse();
    }

    @Test
    void theFormerOneHoldsWhereItCannotBeHadAgain() {
        policies.add(TEXT);
        assertThat(present()).isPresent();
        clock.advance(Duration.ofDays(1));
        assertThat(present()).isPresent();
        assertThat(present()).isPresent();
        assertThat(fetched).hasSize(2);
        clock.advance(Duration.ofMinutes(5));
        assertThat(present()).isPresent();
        assertThat(fetched).hasSize(3);
    }

    @Test
    void keepsTheFormerOneAndTriesAgainLater() {
        policies.add(TEXT);
        assertThat(present()).isPresent();
        texts = List.of("v=STSv1; id=2");
        assertThat(present()).isPresent();
        assertThat(present()).isPresent();
        assertThat(fetched).hasSize(2);
        clock.advance(Duration.ofMinutes(5));
        policies.add(TEXT.replace("enforce", "none"));
        assertThat(present().orElseThrow().enforced()).isFalse();
    }

    @Test
    void takesNoneOfTwoRecords() {
        texts = List.of("v=STSv1; id=1", "v=STSv1; id=2");
        assertThat(present()).isEmpty();
        assertThat(fetched).isEmpty();
    }

    @Test
    void givesUpOnASlowServer(@TempDir Path directory) throws Exception {
        var certificate = TestCertificate.make(directory, "dns:localhost");
        var threads = Executors.newCachedThreadPool();
        try (PolicyServer web = new PolicyServer(certificate.context())) {
            web.gate = new CountDownLatch(1);
            HttpsFetch fetch = new HttpsFetch(web::of, certificate.context(), threads, Duration.ofMillis(500));
            assertThat(fetch.get("example.org").toCompletableFuture().handle((text, error) -> text == null))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo(true);
            web.gate.countDown();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void isForDirectDeliveryAlone() {
        assertThatThrownBy(() -> ClientSettings.read(Map.of("host", "relay.example.org", "tls", "sts")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("tls=sts");
    }
}
