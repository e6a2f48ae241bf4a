package io.spooler.imap;

/** A text that must not turn up in another text: not a record, and no look at it but by {@link #reveal}. */
final class Secret {

    private final String value;

    Secret(String value) {
        this.value = value;
    }

    boolean isEmpty() {
        return value.isEmpty();
    }

    String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return value.isEmpty() ? "none" : "hidden";
    }
}
