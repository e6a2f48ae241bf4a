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

    /** So many looks a message is passed over that the server has not given. */
    private static final int PASSED_OVER = 60;

    /** Messages that were left on the server, with the reason that was told. */
    private final Map<String, String> left = new Bounded<>();

    /** Messages that are passed over, with the last look of which that is so. */
    private final Map<String, Long> passed = new Bounded<>();

    /** How often the connection broke at a message. */
    private final Map<String, Integer> stumbles = new HashMap<>();

    /** Messages that are safe and are perhaps not marked as seen. */
    private final Set<String> unmarked = new HashSet<>();

    private String state = "";
    private boolean fresh = true;
    private long looks;
    private volatile boolean ordered;
    private volatile boolean again;

    /** Forgets the eldest. */
    private static final class Bounded<V> extends LinkedHashMap<String, V> {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    }

    /** True once: what was under way when the process ended last is not known. */
    boolean isFresh() {
        boolean was = fresh;
        fresh = false;
        return was;
    }

    /** What is ordered is to be done at the next look, which passes nothing over. Any thread. */
    void order() {
        again();
        ordered = true;
    }

    /** The next look passes nothing over: the settings are others. Any thread. */
    void again() {
        again = true;
    }

    /** A look begins. Returns whether what is ordered is to be done; true once. */
    boolean begin() {
        looks++;
        if (again) {
            again = false;
            passed.clear();
        }
        boolean was = ordered;
        ordered = false;
        return was;
    }

    /** Notes that a message is left on the server; returns false if that was told. */
    boolean leave(String id, String reason) {
        return !reason.equals(left.put(id, reason));
    }

    /** The server has not given it: to ask at each look is too much, and never again too little. */
    void passOver(String id) {
        passed.put(id, looks + PASSED_OVER);
    }

    /** It is larger than the server says. */
    void passOverForGood(String id) {
        passed.put(id, Long.MAX_VALUE);
    }

    boolean isPassedOver(String id) {
        return passed.getOrDefault(id, 0L) >= looks;
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
