package io.spooler.imap;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an account knows from one round to the next, and may forget: nothing of it decides whether a message comes twice.
 * One thread at a time.
 */
final class Notes {

    private static final int MOST = 10_000;
    private static final int PATIENCE = 3;

    /** Messages that cannot be taken, with the reason. */
    private final Map<String, String> refused = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    /** How often the connection broke at a message. */
    private final Map<String, Integer> stumbles = new HashMap<>();

    /** Messages that are safe and are perhaps not marked as seen. */
    private final Set<String> unmarked = new HashSet<>();

    private String state = "";
    private boolean fresh = true;
    private volatile boolean ordered;

    /** True once: what was under way when the process ended last is not known. */
    boolean isFresh() {
        boolean was = fresh;
        fresh = false;
        return was;
    }

    /** What is ordered is to be done at the next look. Any thread. */
    void order() {
        ordered = true;
    }

    /** Whether it is; true once. */
    boolean takeOrder() {
        boolean was = ordered;
        ordered = false;
        return was;
    }

    /** Notes that a message cannot be taken; returns false if that was known. */
    boolean refuse(String id, String reason) {
        return !reason.equals(refused.put(id, reason));
    }

    boolean isRefused(String id) {
        return refused.containsKey(id);
    }

    void stumble(String id) {
        if (stumbles.size() >= MOST) {
            stumbles.clear();
        }
        stumbles.merge(id, 1, Integer::sum);
    }

    /** Whether the others come first. */
    boolean isStumblingBlock(String id) {
        return stumbles.getOrDefault(id, 0) >= PATIENCE;
    }

    void taken(String id) {
        stumbles.remove(id);
    }

    void unmarked(String id) {
        unmarked.add(id);
    }

    boolean isUnmarked(String id) {
        return unmarked.contains(id);
    }

    void marked(String id) {
        unmarked.remove(id);
    }

    /** What the mailbox was like when nothing was left to do; empty if that is not known. */
    String state() {
        return state;
    }

    void state(String now) {
        state = now;
    }
}
