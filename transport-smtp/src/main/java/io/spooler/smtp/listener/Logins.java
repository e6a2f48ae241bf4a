package io.spooler.smtp.listener;

import io.spooler.access.Users;
import io.spooler.access.Users.Scram;
import io.spooler.smtp.users.ScramHash;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log-ins of all listeners of the bundle. Users are asked on a thread of its own, {@code spooler-smtp-logins}, since
 * that may block and hashes slowly; it lives while there are log-ins. Those who guess are kept out. Thread-safe; no
 * method blocks.
 */
final class Logins implements AutoCloseable {

    /** Of names and passwords. */
    static final Charset TEXT = StandardCharsets.UTF_8;

    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    private static final int WAITING = 200;
    private static final int IDLE_SECONDS = 30;
    private static final int KEY = 32;
    private static final int SALT = 16;
    private static final int USUAL_ITERATIONS = 100_000;

    private final Supplier<@Nullable Users> users;
    private final Guard guard;
    private final byte[] secret = new byte[KEY];
    private final ThreadPoolExecutor thread;

    /**
     * Starts no thread yet.
     *
     * @param users gives the users, or null while there are none
     * @param nanos a clock that only goes forward
     */
    Logins(Supplier<@Nullable Users> users, LongSupplier nanos) {
        this.users = users;
        this.guard = new Guard(nanos);
        new SecureRandom().nextBytes(secret);
        thread = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), Logins::thread);
        thread.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "spooler-smtp-logins");
        thread.setDaemon(true);
        return thread;
    }

    /** Whether anybody can log in. */
    boolean arePossible() {
        return users.get() != null;
    }

    // ---- who guesses

    /** Whether an address has guessed too often lately. */
    boolean isBarred(InetAddress client) {
        return guard.isBarred(client);
    }

    /** A log-in from there has failed; true if there were too many of them now. */
    boolean failed(InetAddress client) {
        return guard.failed(client);
    }

    // ---- asking

    /** Checks a password: {@link Answer#LOGGED_IN}, {@link Answer#BAD_LOGIN}, or not now. */
    Step verify(String name, String password) {
        return ask(() -> present().verify(name, password) ? Answer.LOGGED_IN : Answer.BAD_LOGIN);
    }

    /** Looks the keys of a user up; for a user who does not exist there are keys, too, which nothing fits. */
    Step scram(String name, Function<Scram, Answer> then) {
        return ask(() -> {
            Optional<Scram> keys = present().scram(name);
            return then.apply(keys.isPresent() ? keys.get() : nobody(name));
        });
    }

    /** The same ones whenever this name is tried. */
    private Scram nobody(String name) {
        byte[] all = ScramHash.hmac(secret, name);
        byte[] salt = java.util.Arrays.copyOf(all, SALT);
        String key = Base64.getEncoder().encodeToString(ScramHash.hmac(all, "key"));
        return new Scram(USUAL_ITERATIONS, Base64.getEncoder().encodeToString(salt), key, key);
    }

    private Users present() throws IOException {
        Users present = users.get();
        if (present == null) {
            throw new IOException("there are no users any more");
        }
        return present;
    }

    private Step ask(Callable<Answer> question) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            thread.execute(() -> answer.complete(answer(question)));
        } catch (RejectedExecutionException full) {
            return Answer.NO_LOGINS;
        }
        return new Step.Later(answer);
    }

    private static Answer answer(Callable<Answer> question) {
        try {
            return question.call();
        } catch (Exception e) {
            LOG.warn("users cannot be asked: {}", e.toString());
            return Answer.NO_LOGINS;
        }
    }

    /** Octets of Base64, or null if it is none. */
    static byte @Nullable [] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** What waits is dropped; its sessions end with their listeners. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
