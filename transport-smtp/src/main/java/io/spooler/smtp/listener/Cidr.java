package io.spooler.smtp.listener;

import io.netty.util.NetUtil;
import java.net.InetAddress;

/**
 * A network: an address and how many leading bits count, for example {@code 10.0.0.0/8} or {@code ::1}.
 *
 * @param network any address of it
 * @param bits of the address that count
 */
record Cidr(InetAddress network, int bits) {

    /**
     * Reads {@code address} or {@code address/bits}; never asks the name service.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = NetUtil.createInetAddressFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (network == null) {
            throw new IllegalArgumentException("not an IP address");
        }
        int all = network.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > all) {
            throw new IllegalArgumentException("not a prefix length");
        }
        return new Cidr(network, bits);
    }

    /** Whether an address belongs to it. The system gives an IPv4 client of an IPv6 socket as IPv4. */
    boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
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
