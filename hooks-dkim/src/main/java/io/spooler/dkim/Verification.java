package io.spooler.dkim;

import io.spooler.Content;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signatures of messages (RFC 6376 section 6). Any thread; blocks for the disk, and for the keys, within a time
 * that is the same for one signature or all. Only two threads at a time wait for keys in full: a stranger chooses the name
 * server, and a slow one must not keep those who run hooks from their work.
 */
final class Verification {

    /** Further signatures are not looked at (RFC 6376 section 6.1). */
    private static final int MOST = 5;

    private static final int MOST_WAITING = 2;
    private static final long SHORT_WAIT = TimeUnit.MILLISECONDS.toNanos(100);

    private final Texts texts;
    private final Clock clock;
    private final long limit;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    /**
     * Asks nothing yet.
     *
     * @param texts has the keys
     * @param clock tells whether a signature has expired
     * @param limit how long to wait for all keys of one message
     */
    Verification(Texts texts, Clock clock, Duration limit) {
        this.texts = texts;
        this.clock = clock;
        this.limit = limit.toNanos();
    }

    /** A signature on its way. */
    private record Candidate(@Nullable Mark mark, @Nullable Finding finding, CompletableFuture<List<String>> key) {}

    private record BodyKey(boolean relaxed, long length) {}

    private record Body(String hash, long size) {}

    /** One message. */
    private record Subject(Content content, Header header, Map<BodyKey, Body> bodies) {

        Body body(Mark mark) throws IOException {
            BodyKey key = new BodyKey(mark.relaxedBody(), mark.length());
            Body known = bodies.get(key);
            if (known == null) {
                BodyHash hash = new BodyHash(key.relaxed, key.length).read(content, header.body());
                known = new Body(Base64.getEncoder().encodeToString(hash.end()), hash.size());
                bodies.put(key, known);
            }
            return known;
        }
    }

    /**
     * Verifies.
     *
     * @param content the message
     * @param header its header
     * @return one finding for each signature, from the top; at least one
     * @throws IOException if the content cannot be read
     */
    List<Finding> verify(Content content, Header header) throws IOException {
        List<Candidate> candidates = header.all("dkim-signature").stream()
                .limit(MOST)
                .map(this::begin)
                .toList();
        if (candidates.isEmpty()) {
            return List.of(Finding.UNSIGNED);
        }
        Subject subject = new Subject(content, header, new HashMap<>());
        for (Candidate each : candidates) {
            if (each.mark != null) {
                subject.body(each.mark); // While the keys are on their way.
            }
        }
        boolean patient = waiting.tryAcquire();
        try {
            return findings(subject, candidates, System.nanoTime() + (patient ? limit : Math.min(limit, SHORT_WAIT)));
        } finally {
            if (patient) {
                waiting.release();
            }
        }
    }

    private Candidate begin(Field field) {
        CompletableFuture<List<String>> none = CompletableFuture.completedFuture(List.of());
        try {
            Mark mark = Mark.parse(field, Tags.parse(field.value(), Result.NEUTRAL));
            return new Candidate(
                    mark,
                    null,
                    texts.at(mark.selector() + "._domainkey." + mark.domain()).toCompletableFuture());
        } catch (Rejection e) {
            return new Candidate(null, Finding.of(e, null), none);
        }
    }

    private List<Finding> findings(Subject subject, List<Candidate> candidates, long deadline) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Candidate each : candidates) {
            if (each.mark == null || each.finding != null) {
                findings.add(each.finding == null ? Finding.UNSIGNED : each.finding);
                continue;
            }
            try {
                check(subject, each.mark, await(each.key, deadline));
                findings.add(new Finding(Result.PASS, "", each.mark));
            } catch (Rejection e) {
                findings.add(Finding.of(e, each.mark));
            }
        }
        return findings;
    }

    private static List<String> await(CompletableFuture<List<String>> key, long deadline) throws Rejection {
        try {
            return key.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new Rejection(Result.TEMPERROR, "the key cannot be looked up at present");
        } catch (TimeoutException e) {
            throw new Rejection(Result.TEMPERROR, "the key was not found in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Rejection(Result.TEMPERROR, "interrupted");
        }
    }

    private void check(Subject subject, Mark mark, List<String> texts) throws Rejection, IOException {
        var key = KeyRecord.key(texts, mark);
        Body body = subject.body(mark);
        require(!mark.isExpired(clock.instant()), Result.FAIL, "it has expired");
        require(body.hash.equals(mark.bodyHash()), Result.FAIL, "the body was changed");
        byte[] signed = Canonical.header(subject.header, mark.names(), mark.unsigned(), mark.relaxedHeader());
        try {
            require(
                    mark.algorithm().verify(key, signed, Base64.getDecoder().decode(mark.signature())),
                    Result.FAIL,
                    "it does not fit");
        } catch (GeneralSecurityException e) {
            throw new Rejection(Result.FAIL, "it does not fit");
        }
        // Whatever stands behind the part that was signed may be anybody's.
        require(mark.length() >= body.size, Result.POLICY, "a part of the body is not signed");
    }

    private static void require(boolean holds, Result otherwise, String reason) throws Rejection {
        if (!holds) {
            throw new Rejection(otherwise, reason);
        }
    }
}
