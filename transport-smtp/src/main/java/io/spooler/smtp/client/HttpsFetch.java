package io.spooler.smtp.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Fetches policies by HTTPS (RFC 8461 section 3.3): with a certificate that is checked, without following redirects, and
 * within bounds of time and size. Any thread; nothing blocks but the executor.
 */
final class HttpsFetch implements StsFetch {

    private static final int MOST_OCTETS = 64 * 1024;
    private static final int OK = 200;

    private final Function<String, URI> where;
    private final Executor executor;
    private final Duration limit;
    private final HttpClient client;

    /**
     * Connects to nobody yet.
     *
     * @param where the policy of a domain is
     * @param trust says whose certificates are good
     * @param executor does what may block for a while
     * @param limit for the whole of one fetch
     */
    HttpsFetch(Function<String, URI> where, SSLContext trust, Executor executor, Duration limit) {
        this.where = where;
        this.executor = executor;
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .sslContext(trust)
                .executor(executor)
                .connectTimeout(limit)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** Where a domain has its policy. */
    static URI wellKnown(String domain) {
        return URI.create("https://mta-sts." + domain + "/.well-known/mta-sts.txt");
    }

    @Override
    public CompletionStage<String> get(String domain) {
        try {
            return CompletableFuture.supplyAsync(() -> send(domain), executor)
                    .thenCompose(answer -> answer)
                    .thenApply(HttpsFetch::text);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(closed);
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> send(String domain) {
        HttpRequest request = HttpRequest.newBuilder(where.apply(domain)).build();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, head -> new Bounded());
        // The limit of a request ends with the head of its answer; this one does not.
        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> answer.cancel(true));
        return answer;
    }

    private static String text(HttpResponse<byte[]> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (answer.statusCode() != OK || !type.matches("(?i)text/plain\\s*(;.*)?")) {
            throw new CompletionException(new IOException("answer " + answer.statusCode() + " of type " + type));
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** A body within bounds. */
    private static final class Bounded implements BodySubscriber<byte[]> {

        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> pieces) {
            for (ByteBuffer piece : pieces) {
                if (octets.size() + piece.remaining() > MOST_OCTETS) {
                    body.completeExceptionally(new IOException("a policy of more than " + MOST_OCTETS + " octets"));
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    return;
                }
                byte[] copy = new byte[piece.remaining()];
                piece.get(copy);
                octets.writeBytes(copy);
            }
        }

        @Override
        public void onError(Throwable error) {
            body.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            body.complete(octets.toByteArray());
        }
    }
}
