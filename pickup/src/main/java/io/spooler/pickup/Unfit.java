package io.spooler.pickup;

/** A file that will never be taken as it is; the text says why. */
final class Unfit extends Exception {

    private static final long serialVersionUID = 1L;

    Unfit(String why) {
        super(why);
    }
}
