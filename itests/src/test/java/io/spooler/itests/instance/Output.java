package io.spooler.itests.instance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The output of a child process, line by line as it comes; one daemon thread reads it to its end. */
final class Output {

    private static final int TAIL = 40;

    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    Output(String name, InputStream source) {
        Thread thread = new Thread(() -> read(source), "spooler-output-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void read(InputStream source) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(source, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(cut off: " + e.getMessage() + ")");
        }
        end();
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits for a line, those that came already included; fails with the last lines if it does not come. */
    synchronized String await(String what, Predicate<String> line, long seconds) {
        waitUntil(() -> ended || find(line).isPresent(), seconds);
        return find(line)
                .orElseThrow(() -> new AssertionError(
                        "missing: " + what + (ended ? ", the process has ended" : "") + "; " + this));
    }

    /** Whether a line comes in time, or has come already. */
    synchronized boolean has(Predicate<String> line, long seconds) {
        waitUntil(() -> ended || find(line).isPresent(), seconds);
        return find(line).isPresent();
    }

    /** Everything, after the process has closed its end. */
    synchronized String text(long seconds) {
        waitUntil(() -> ended, seconds);
        if (!ended) {
            throw new AssertionError("the output did not end; " + this);
        }
        return String.join("\n", lines);
    }

    private synchronized void waitUntil(BooleanSupplier done, long seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try {
            while (!done.getAsBoolean() && System.nanoTime() < deadline) {
                TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted; " + this, e);
        }
    }

    private Optional<String> find(Predicate<String> line) {
        return lines.stream().filter(line).findFirst();
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public synchronized String toString() {
        return "last output:\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }
}
