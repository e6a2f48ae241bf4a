package io.spooler.itests.bundle;

import io.spooler.hook.HookProperties;
import io.spooler.hook.IncomingMessage;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * A postprocessor that does to a message what its subject says: {@code throws}, {@code overflows}, {@code hangs} until the
 * bundle is stopped, {@code deletes}. It leaves all others alone.
 */
public final class HostileHook implements PostProcessor, BundleActivator {

    private static final int LIMIT = 4096;

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public void start(BundleContext context) {
        context.registerService(
                PostProcessor.class, this, FrameworkUtil.asDictionary(Map.of(HookProperties.NAME, "hostile")));
    }

    @Override
    public void stop(BundleContext context) {
        stopped.countDown();
    }

    @Override
    public Verdict process(IncomingMessage message) throws IOException, InterruptedException {
        String start;
        try (InputStream in = message.content().open()) {
            start = new String(in.readNBytes(LIMIT), StandardCharsets.ISO_8859_1);
        }
        if (start.contains("Subject: throws")) {
            throw new IllegalStateException("as the test wants it");
        }
        if (start.contains("Subject: overflows")) {
            return endless(0);
        }
        if (start.contains("Subject: hangs")) {
            stopped.await();
        }
        return new Verdict(null, start.contains("Subject: deletes"), false);
    }

    private static Verdict endless(int depth) {
        return depth < 0 ? Verdict.CONTINUE : endless(depth / 2 + 1);
    }
}
