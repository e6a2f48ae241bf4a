package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Recipient.Notify;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the sender hears, by what it asked for (RFC 3461 section 4.1) and by what happens. */
class NotifyTest {

    private static final Pattern ACTION = Pattern.compile("Action: (\\w+)");

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();
    private final FakeTransport post = new FakeTransport();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    /** In the order of time. "passed": relayed to a system that makes reports; "late": relayed after five hours. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(useHeadersInDisplayName = true, delimiter = '|', textBlock = """
            NOTIFY                | delivered | relayed | passed | failed | expired        | late             | cancelled
            ''                    | ''        | ''      | ''     | failed | delayed failed | delayed          | ''
            NEVER                 | ''        | ''      | ''     | ''     | ''             | ''               | ''
            SUCCESS               | delivered | relayed | ''     | ''     | ''             | relayed          | ''
            FAILURE               | ''        | ''      | ''     | failed | failed         | ''               | ''
            DELAY                 | ''        | ''      | ''     | ''     | delayed        | delayed          | ''
            SUCCESS FAILURE       | delivered | relayed | ''     | failed | failed         | relayed          | ''
            SUCCESS DELAY         | delivered | relayed | ''     | ''     | delayed        | delayed relayed  | ''
            FAILURE DELAY         | ''        | ''      | ''     | failed | delayed failed | delayed          | ''
            SUCCESS FAILURE DELAY | delivered | relayed | ''     | failed | delayed failed | delayed relayed  | ''
            """)
    void tells_what_was_asked_for(
            String wishes,
            String delivered,
            String relayed,
            String passed,
            String failed,
            String expired,
            String late,
            String cancelled)
            throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.transport(post, "post", 0, "LOCAL");
        Reply later = new Reply("4.2.1", "later");

        assertThat(heard(wishes, new Outcome.Delivered(FakeTransport.OK))).isEqualTo(delivered);
        assertThat(heard(wishes, new Outcome.Relayed(FakeTransport.OK))).isEqualTo(relayed);
        assertThat(heard(wishes, new Outcome.Relayed(FakeTransport.OK, true))).isEqualTo(passed);
        assertThat(heard(wishes, new Outcome.Failed(new Reply("5.1.1", "nobody"))))
                .isEqualTo(failed);
        send(wishes, Outcome.Deferred.recipient(later));
        bench.advance(Duration.ofDays(6));
        assertThat(actions()).isEqualTo(expired);

        send(wishes, Outcome.Deferred.recipient(later));
        bench.advance(Duration.ofHours(5));
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        bench.advance(Duration.ofHours(5));
        assertThat(actions()).isEqualTo(late);

        SpoolId id = send(wishes, Outcome.Deferred.recipient(later));
        bench.client.cancel(id);
        assertThat(actions()).isEqualTo(cancelled);
        assertThat(bench.store.status().messages()).isZero();
    }

    private String heard(String wishes, Outcome outcome) throws Exception {
        send(wishes, outcome);
        return actions();
    }

    private SpoolId send(String wishes, Outcome outcome) throws Exception {
        smtp.answer = address -> outcome;
        post.contents.clear();
        Set<Notify> notify = Arrays.stream(wishes.split(" "))
                .filter(word -> !word.isEmpty())
                .map(Notify::valueOf)
                .collect(Collectors.toSet());
        Recipient recipient = new Recipient(Address.smtp("ann@example.org"), notify, null, null);
        return bench.submit(
                new Envelope(new Address(Address.LOCAL, "sender"), List.of(recipient), Envelope.Options.DEFAULT));
    }

    private String actions() {
        return post.contents.stream()
                .flatMap(report -> ACTION.matcher(report).results())
                .map((MatchResult action) -> action.group(1))
                .collect(Collectors.joining(" "));
    }
}
