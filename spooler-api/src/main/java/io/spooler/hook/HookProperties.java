package io.spooler.hook;

/**
 * Service properties of hooks, on the way out and in.
 *
 * <p>Preprocessors run in this order (R20): first those that name no transport, by service ranking, then age: they may yet
 * change whom a message goes to. Then those that name transports, each at the place of its transport in the configured order,
 * of the first one if it names several; of one place by service ranking, then age. Undo goes the same way back.
 */
public final class HookProperties {

    /** String, required: the name, unique among the hooks present. */
    public static final String NAME = "spooler.hook.name";

    /** String or String[]: run only for messages with a recipient of one of these types (R19). */
    public static final String TYPES = "spooler.address.types";

    /** String or String[]: run only for messages that one of these transports would carry (R19). */
    public static final String TRANSPORTS = "spooler.hook.transports";

    private HookProperties() {}
}
