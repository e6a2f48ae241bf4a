package io.spooler.shell.control;

/**
 * The protocol of the control socket. Numbers are unsigned-safe 32-bit integers, big-endian.
 *
 * <pre>
 * request   length (4) | command, UTF-8 (length octets, 1 to 65 536)
 * reply     frame*     | last frame
 * frame     kind (1): 1 = output, 2 = error output | length (4) | octets
 * last      kind (1): 3 | length (4) = 4 | exit status (4)
 * </pre>
 *
 * <p>One request per connection. The server closes behind the last frame. Used on both sides, so it needs nothing but
 * the JDK.
 */
final class Frames {

    static final byte OUTPUT = 1;
    static final byte ERROR = 2;
    static final byte EXIT = 3;

    /** Octets before the payload of a frame. */
    static final int HEAD = 5;

    static final int MAX_COMMAND = 64 * 1024;

    private Frames() {}
}
