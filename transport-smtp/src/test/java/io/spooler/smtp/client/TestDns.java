package io.spooler.smtp.client;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A name server on 127.0.0.1, with dnsjava as the codec. What it does not know does not exist. */
final class TestDns implements AutoCloseable {

    private static final int TTL = 300;

    private final DatagramSocket socket;
    private final Map<String, List<Record>> zone = new ConcurrentHashMap<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final Set<String> secure = ConcurrentHashMap.newKeySet();
    private final List<String> queries = new CopyOnWriteArrayList<>();

    TestDns() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        Thread thread = new Thread(this::serve, "test-dns");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    void mx(String domain, int preference, String host) {
        add(domain, new MXRecord(name(domain), DClass.IN, TTL, preference, name(host)));
    }

    void address(String host, String address) throws IOException {
        add(host, new ARecord(name(host), DClass.IN, TTL, InetAddress.getByName(address)));
    }

    void text(String name, String text) {
        add(name, new TXTRecord(name(name), DClass.IN, 0, text));
    }

    void alias(String name, String target) {
        add(name, new CNAMERecord(name(name), DClass.IN, TTL, name(target)));
    }

    void tlsa(String name, int usage, int selector, int matching, byte[] data) {
        add(name, new TLSARecord(name(name), DClass.IN, TTL, usage, selector, matching, data));
    }

    /** From now on it answers as authentic for a zone and all in it, whoever wants to know that. */
    void secure(String zone) {
        secure.add(zone);
    }

    private boolean isSecure(String name) {
        return secure.stream().anyMatch(zone -> name.equals(zone) || name.endsWith("." + zone));
    }

    /** Asked for this name from now on, it has nothing. */
    void forget(String name) {
        zone.remove(name);
    }

    /** Asked for this name, it fails. */
    void fail(String domain) {
        broken.add(domain);
    }

    /** How often it was asked. */
    long queries(String name, int type) {
        return queries.stream().filter((name + '/' + Type.string(type))::equals).count();
    }

    private void add(String name, Record entry) {
        zone.computeIfAbsent(name, n -> new CopyOnWriteArrayList<>()).add(entry);
    }

    private static Name name(String text) {
        return Name.fromConstantString(text.endsWith(".") ? text : text + ".");
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        try {
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(new Message(Arrays.copyOf(buffer, packet.getLength())))
                        .toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private Message answer(Message query) {
        Record question = query.getQuestion();
        String name = question.getName().toString(true);
        queries.add(name + '/' + Type.string(question.getType()));
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(question, Section.QUESTION);
        String end = follow(name, question.getType(), answer);
        boolean authentic = isSecure(name) && isSecure(end) && query.getHeader().getFlag(Flags.AD);
        if (broken.contains(name)) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        } else if (!zone.containsKey(end)) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        if (authentic) {
            answer.getHeader().setFlag(Flags.AD);
        }
        for (Record entry : zone.getOrDefault(end, List.of())) {
            if (entry.getType() == question.getType()) {
                answer.addRecord(entry, Section.ANSWER);
            }
        }
        return answer;
    }

    /** Goes along the aliases and puts them into the answer, an endless chain up to where it is too long. */
    private String follow(String name, int type, Message answer) {
        String at = name;
        for (int i = 0; i < 20 && type != Type.CNAME; i++) {
            List<Record> here = zone.getOrDefault(at, List.of());
            if (here.isEmpty() || !(here.get(0) instanceof CNAMERecord alias)) {
                return at;
            }
            answer.addRecord(alias, Section.ANSWER);
            at = alias.getTarget().toString(true);
        }
        return at;
    }

    @Override
    public void close() {
        socket.close();
    }
}
