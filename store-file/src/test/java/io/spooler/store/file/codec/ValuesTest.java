package io.spooler.store.file.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.SentCopy;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Envelopes as octets: what was written before an option was thought of is read, and written in the same octets. */
class ValuesTest {

    /** No sender, no recipients, nothing asked for but SMTPUTF8 (1) and NON_URGENT (4). */
    private static final byte[] OLD = {0, 0, 0, 0, 0, 0, 0, 1 | 4};

    private static Envelope decode(byte[] octets) {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        Envelope envelope = Values.getEnvelope(new Decoder(buffer));
        assertThat(buffer.remaining()).isZero();
        return envelope;
    }

    private static byte[] encode(Envelope envelope) {
        Encoder out = new Encoder();
        Values.putEnvelope(out, envelope);
        return java.util.Arrays.copyOf(out.octets(), out.size());
    }

    @Test
    void readsAndWritesWhatWasWrittenBeforeThereWereCopies() {
        Envelope envelope = decode(OLD);
        assertThat(envelope.options())
                .isEqualTo(new Envelope.Options(null, null, null, null, null, true)
                        .withPriority(Envelope.Priority.NON_URGENT));
        assertThat(encode(envelope)).isEqualTo(OLD);
    }

    @Test
    void readsEveryFateOfACopyAndWhoGetsTheReports() {
        Envelope base = decode(OLD);
        for (SentCopy sent : List.of(
                SentCopy.in("ann", "Sent"),
                new SentCopy("ann", null, false),
                new SentCopy("ann", null, true),
                new SentCopy("ann", "Sent", true))) {
            Envelope copy = base.with(base.options().withSent(sent));
            assertThat(decode(encode(copy))).isEqualTo(copy);
            Envelope both = copy.with(copy.options().withReportTo(Address.parse("LOCAL:bob")));
            assertThat(decode(encode(both))).isEqualTo(both);
        }
    }
}
