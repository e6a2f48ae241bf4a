package io.spooler.hook;

/** Service properties of hooks, on the way out and in. */
public final class HookProperties {

    /** String, required: the name, unique among the hooks present. */
    public static final String NAME = "spooler.hook.name";

    /** String or String[]: run only for messages with a recipient of one of these types (R19). */
    public static final String TYPES = "spooler.address.types";

    /** String or String[]: run only for messages that one of these transports would carry (R19). */
    public static final String TRANSPORTS = "spooler.hook.transports";

    private HookProperties() {}
}
