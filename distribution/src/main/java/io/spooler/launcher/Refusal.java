package io.spooler.launcher;

/** The instance cannot be started; the message is for the person who tried. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message);
    }
}
