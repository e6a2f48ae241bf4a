package io.spooler.benchmarks;

import io.spooler.store.file.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** How long the disk takes to follow when half of a long queue is finished. */
final class Garbage implements Measurement {

    private static final double MIB = 1 << 20;

    /** One look at the disk. */
    private record Sample(int second, long queued, long disk) {}

    @Override
    public String name() {
        return "garbage";
    }

    @Override
    public String summary() {
        return "disk use each second, while every second message is finished and afterwards";
    }

    @Override
    public String keys() {
        return "messages=1000000 content=1k living=2 (one in so many is not finished)\n"
                + "still=15 limit=120 (seconds: ends when the disk did not change for so long; at most)";
    }

    @Override
    public void measure(Run run) throws Exception {
        int messages = run.number("messages", 1_000_000);
        int size = (int) run.size("content", 1024);
        int living = run.number("living", 2);
        int still = run.number("still", 15);
        int limit = run.number("limit", 120);
        run.check();
        run.need(messages * (size + 512L) * 2);
        Path directory = run.directory("store");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (FileStore store = Stores.fresh(directory, run.store(), new CountingDisk())) {
            run.progress("garbage: filling with %d", messages);
            Filling.fillMixed(store, Mail.of(size), messages, living);
            Future<Long> finishing = thread.submit(() -> Filling.finish(store, new Histogram()));
            watch(run, store, directory, new Watch(finishing, still, limit, size));
        } finally {
            thread.shutdownNow();
        }
    }

    private record Watch(Future<Long> finishing, int still, int limit, int size) {}

    private static void watch(Run run, FileStore store, Path directory, Watch watch) throws Exception {
        Table table = new Table("s", "queued", "disk MiB", "queued MiB", "disk / queued");
        int finished = -1;
        int changed = 0;
        Sample last = sample(store, directory, 0);
        Sample first = last;
        row(table, last, watch.size());
        while (last.second() < watch.limit() && (finished < 0 || last.second() - changed < watch.still())) {
            TimeUnit.SECONDS.sleep(1);
            Sample now = sample(store, directory, last.second() + 1);
            if (finished < 0 && watch.finishing().isDone()) {
                finished = now.second();
            }
            changed = now.disk() == last.disk() ? changed : now.second();
            row(table, now, watch.size());
            last = now;
        }
        run.print(table);
        if (finished < 0) {
            throw new IOException("the messages were not finished in " + watch.limit() + " s; raise limit");
        }
        run.print(
                "%d messages finished after %d s; disk %.0f MiB, then %.0f MiB, unchanged since %d s after that",
                watch.finishing().get(),
                finished,
                first.disk() / MIB,
                last.disk() / MIB,
                Math.max(0, changed - finished));
    }

    private static Sample sample(FileStore store, Path directory, int second) throws IOException {
        return new Sample(second, store.status().messages(), Workspace.used(directory));
    }

    private static void row(Table table, Sample sample, int size) {
        double queued = (double) sample.queued() * size;
        table.row(sample.second(), sample.queued(), sample.disk() / MIB, queued / MIB, sample.disk() / queued);
    }
}
