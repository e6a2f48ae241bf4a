package io.spooler.testkit;

import java.util.List;
import java.util.Random;

/** What makers of hostile input from seeds have in common: the same seed makes the same. One thread. */
public abstract class Dice {

    private static final int LONGEST_COPY = 200;

    /** Decides. */
    protected final Random random;

    private final int damaged;
    private final String[] odd;

    /**
     * For one input.
     *
     * @param seed makes it
     * @param damaged once in so many a text may be damaged
     * @param odd what an input may be damaged with
     */
    protected Dice(long seed, int damaged, List<String> odd) {
        this.random = new Random(seed);
        this.damaged = damaged;
        this.odd = odd.toArray(new String[0]);
    }

    /**
     * Chooses.
     *
     * @param of at least one
     * @return one of them
     */
    protected final String any(String[] of) {
        return of[random.nextInt(of.length)];
    }

    /**
     * Tells whether something rare happens.
     *
     * @param in 1 for always
     * @return true once in so many
     */
    protected final boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    /**
     * Puts in something odd, takes something out, changes it, cuts it off or doubles a part, up to three times.
     *
     * @param text is left as it is mostly
     * @return what is left
     */
    protected final String damage(String text) {
        StringBuilder all = new StringBuilder(text);
        for (int i = one(damaged) ? random.nextInt(4) : 0; i > 0 && !all.isEmpty(); i--) {
            int at = random.nextInt(all.length());
            switch (random.nextInt(5)) {
                case 0 -> all.insert(at, any(odd));
                case 1 -> all.deleteCharAt(at);
                case 2 -> all.setCharAt(at, (char) random.nextInt(256));
                case 3 -> all.setLength(at);
                default -> all.insert(at, all.substring(at, Math.min(all.length(), at + random.nextInt(LONGEST_COPY))));
            }
        }
        return all.toString();
    }
}
