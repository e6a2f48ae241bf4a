package io.spooler.imap;

import io.spooler.Origins;
import io.spooler.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A maildrop of a POP3 server (RFC 1939), with UIDL as id. Deletions last from the end of the session on, and only if that
 * ends in good order.
 *
 * <p>A server may make UIDLs of the content, so that two copies of one message have the same (RFC 1939 section 7): one of them is
 * listed, the other once that has gone. One that gives the same to different messages is out of order; they are told apart by their
 * {@link Print}, which is part of the id of all but the first.
 */
final class Pop implements Remote {

    private static final Duration COMMAND = ImapDialog.COMMAND;
    private static final Duration CONTENT = Duration.ofHours(2);
    private static final int MOST_ID = 70;

    private final Wire wire;
    private final Map<String, Integer> numbers = new HashMap<>();

    /** Takes a line of an answer that has several. */
    @FunctionalInterface
    private interface Lines {

        void line(String line) throws IOException;
    }

    private Pop(Wire wire) {
        this.wire = wire;
    }

    /**
     * Greets, logs in.
     *
     * @param wire connected, with TLS if that is implicit; closed by the caller if this fails
     * @param account whose
     * @return ready
     */
    static Pop open(Wire wire, Account account) throws IOException {
        Pop pop = new Pop(wire);
        wire.limit(COMMAND);
        pop.answer("the server does not want us");
        if (account.tls() != Account.Tls.NONE && !wire.isSecure()) {
            pop.secure(account);
        }
        pop.login(account);
        return pop;
    }

    private String answer(String what) throws IOException {
        String line = wire.line();
        if (line.startsWith("+OK")) {
            return line;
        }
        if (line.startsWith("-ERR")) {
            throw new Refused(what, line.substring(4), false);
        }
        throw new IOException("this is no answer of POP3: " + Reply.clean(line));
    }

    private void command(String text, String what) throws IOException {
        wire.limit(COMMAND);
        wire.send(text);
        answer(what);
    }

    private void secure(Account account) throws IOException {
        if (account.trust() == null || !capabilities().contains("STLS")) {
            throw new IOException("the server has no TLS (STLS); nothing is sent in clear text");
        }
        command("STLS", "TLS refused");
        wire.secure(account.trust(), account.host());
    }

    private Set<String> capabilities() throws IOException {
        Set<String> found = new HashSet<>();
        lines("CAPA", "cannot tell what it can do", line -> found.add(line.toUpperCase(Locale.ROOT)));
        return found;
    }

    private void login(Account account) throws IOException {
        if (!wire.isSecure() && !wire.isLoopback() && !account.clearText()) {
            throw new IOException("no password in clear text");
        }
        try {
            command("USER " + account.user(), "");
            command("PASS " + account.password().reveal(), "");
        } catch (Refused e) {
            throw e.atLogin(account);
        }
    }

    private void lines(String text, String what, Lines target) throws IOException {
        command(text, what);
        int count = 0;
        for (String line = wire.line(); !line.equals("."); line = wire.line()) {
            if (++count > Origins.MOST) {
                throw new IOException("more than " + Origins.MOST + " messages are on the server; delete some there");
            }
            target.line(line);
        }
    }

    @Override
    public String era() {
        return "";
    }

    @Override
    public String state() {
        return "";
    }

    @Override
    public List<Item> list() throws IOException {
        Map<Integer, String> ids = new TreeMap<>();
        lines("UIDL", "the server has no lasting ids (UIDL)", line -> {
            String[] words = line.split(" ", -1);
            if (words.length < 2 || !isNumber(words[0], 9) || !isId(words[1])) {
                throw new IOException("this is no list of ids: " + Reply.clean(line));
            }
            ids.put(Integer.parseInt(words[0]), words[1]);
        });
        Map<Integer, Long> sizes = new HashMap<>();
        lines("LIST", "cannot list", line -> {
            String[] words = line.split(" ", -1);
            if (words.length >= 2 && isNumber(words[0], 9) && isNumber(words[1], 18)) {
                sizes.put(Integer.parseInt(words[0]), Long.parseLong(words[1]));
            }
        });
        return items(ids, sizes);
    }

    private static boolean isNumber(String text, int digits) {
        return text.length() <= digits && text.matches("\\d+");
    }

    private static boolean isId(String text) {
        return text.length() <= MOST_ID && text.matches("[!-~]+");
    }

    private List<Item> items(Map<Integer, String> ids, Map<Integer, Long> sizes) throws IOException {
        numbers.clear();
        Map<String, Item> items = new LinkedHashMap<>();
        Map<String, String> prints = new HashMap<>();
        for (Map.Entry<Integer, String> listed : ids.entrySet()) {
            String id = listed.getValue();
            try {
                String own = numbers.containsKey(id) ? apart(id, listed.getKey(), prints) : id;
                if (numbers.putIfAbsent(own, listed.getKey()) == null) {
                    items.put(own, new Item(own, sizes.getOrDefault(listed.getKey(), 0L), false));
                }
            } catch (Refused e) { // Without TOP they cannot be told apart.
                items.computeIfPresent(id, (key, item) -> new Item(id, item.size(), true));
            }
        }
        return List.copyOf(items.values());
    }

    /** The id of a message whose UIDL one before it has: the same for a copy of that. */
    private String apart(String id, int number, Map<String, String> prints) throws IOException {
        if (!prints.containsKey(id)) {
            prints.put(id, print(numbers.getOrDefault(id, 0)));
        }
        String print = print(number);
        return print.equals(prints.get(id)) ? id : id + " " + print;
    }

    private String print(int number) throws IOException {
        Print print = new Print();
        content("TOP " + number + " 0", print);
        return print.text();
    }

    private int number(Item item) throws IOException {
        Integer number = numbers.get(item.id());
        if (number == null) {
            throw new IOException("the message " + Reply.clean(item.id()) + " is not listed");
        }
        return number;
    }

    @Override
    public void fetch(Item item, Sink sink) throws IOException {
        content("RETR " + number(item), sink);
    }

    /** TOP may be missing; then the header comes with the rest. */
    @Override
    public void header(Item item, Sink sink) throws IOException {
        try {
            content("TOP " + number(item) + " 0", sink);
        } catch (Refused e) {
            fetch(item, sink);
        }
    }

    private void content(String text, Sink sink) throws IOException {
        wire.limit(CONTENT);
        wire.send(text);
        answer("not fetched");
        new DotReader(wire).copy(sink);
    }

    @Override
    public void delete(Item item) throws IOException {
        command("DELE " + number(item), "cannot delete");
    }

    @Override
    public void seen(Item item) {
        throw new UnsupportedOperationException("POP3 has no marks");
    }

    @Override
    public void finish() throws IOException {
        command("QUIT", "what was deleted is perhaps not");
    }

    @Override
    public boolean canWait() {
        return false;
    }

    @Override
    public void await(Duration most) {
        throw new UnsupportedOperationException("POP3 cannot wait");
    }

    @Override
    public void wake() {
        // It never waits.
    }

    @Override
    public void close() {
        wire.close();
    }
}
