package io.spooler.settings;

/** A text that must not turn up in another text: not a record, and no look at it but by {@link #reveal}. Immutable. */
public final class Secret {

    /** No secret. */
    public static final Secret NONE = new Secret("");

    private final String value;

    /**
     * Keeps a text.
     *
     * @param value the text; empty for none
     */
    public Secret(String value) {
        this.value = value;
    }

    /**
     * Whether there is none.
     *
     * @return true if the text is empty
     */
    public boolean isEmpty() {
        return value.isEmpty();
    }

    /**
     * The text, for the one place that needs it.
     *
     * @return the text
     */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return value.isEmpty() ? "none" : "hidden";
    }
}
