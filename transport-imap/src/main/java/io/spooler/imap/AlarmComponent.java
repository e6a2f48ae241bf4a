package io.spooler.imap;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The alarm of all accounts: one thread, {@code spooler-imap-alarm}, there while there is an account. */
@Component(service = AlarmComponent.class)
public final class AlarmComponent implements Alarm {

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "spooler-imap-alarm"));

    /** Starts no thread yet. */
    @Activate
    public AlarmComponent() {
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        ScheduledFuture<?> set = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> set.cancel(false);
    }

    /** What has not rung does not ring any more. */
    @Deactivate
    void deactivate() {
        thread.shutdownNow();
    }
}
