package io.spooler.dkim;

/** Why a signature does not hold; caught where its verification began. */
final class Rejection extends Exception {

    private static final long serialVersionUID = 1L;

    private final Result result;

    /**
     * Rejects.
     *
     * @param result what is to be said
     * @param reason in our own words: nothing of the message is in it
     */
    Rejection(Result result, String reason) {
        super(reason);
        this.result = result;
    }

    Result result() {
        return result;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
