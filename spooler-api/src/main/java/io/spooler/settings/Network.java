package io.spooler.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A network: an address and how many leading bits count, for example {@code 10.0.0.0/8} or {@code ::1}.
 *
 * @param address any address of it
 * @param bits of the address that count
 */
public record Network(InetAddress address, int bits) {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern LITERAL =
            Pattern.compile("(" + OCTET + "\\.){3}" + OCTET + "|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /**
     * Reads {@code address} or {@code address/bits}; never asks the name service.
     *
     * @param text as people write it
     * @return the network
     * @throws IllegalArgumentException if it is none
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        int all = address.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > all) {
            throw new IllegalArgumentException("not a prefix length");
        }
        return new Network(address, bits);
    }

    /**
     * Reads an address; never asks the name service.
     *
     * @param text an IPv4 or IPv6 address
     * @return the address
     * @throws IllegalArgumentException if it is none
     */
    public static InetAddress address(String text) {
        try {
            if (LITERAL.matcher(text).matches()) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IP address", e);
        }
        throw new IllegalArgumentException("not an IP address");
    }

    /**
     * Whether an address belongs to it. The system gives an IPv4 client of an IPv6 socket as IPv4.
     *
     * @param other any address
     * @return true if it does
     */
    public boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (theirs.length != ours.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >>> (i % Byte.SIZE);
            if (((ours[i / Byte.SIZE] ^ theirs[i / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
