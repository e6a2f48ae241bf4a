package io.spooler.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A POP3 server whose ids are whatever the test says. */
final class ScriptedPop extends ScriptedServer {

    /** A message. */
    record Mail(String id, String text) {}

    final List<Mail> mails = new CopyOnWriteArrayList<>();
    volatile boolean top = true;

    ScriptedPop() throws IOException {
        super(null);
    }

    void add(String id, String text) {
        mails.add(new Mail(id, text));
    }

    @Override
    void converse(Line line) throws IOException {
        List<Mail> present = List.copyOf(mails);
        List<Integer> deleted = new ArrayList<>();
        line.say("+OK here");
        while (true) {
            String[] words = line.read().split(" ", 3);
            int number = words.length > 1 && words[1].matches("\\d+") ? Integer.parseInt(words[1]) : 0;
            switch (words[0]) {
                case "UIDL" -> list(line, present.stream().map(Mail::id).toList());
                case "LIST" ->
                    list(
                            line,
                            present.stream().map(mail -> mail.text().length()).toList());
                case "RETR" -> content(line, present.get(number - 1).text());
                case "TOP" -> top(line, present.get(number - 1).text());
                case "DELE" -> deleted.add(number - 1);
                case "QUIT" -> deleted.forEach(each -> remove(present.get(each)));
                default -> {}
            }
            if (!List.of("UIDL", "LIST", "RETR", "TOP").contains(words[0])) {
                line.say("+OK");
            }
        }
    }

    /** This one, and not an equal one. */
    @SuppressWarnings("ReferenceEquality")
    private void remove(Mail gone) {
        mails.removeIf(mail -> mail == gone);
    }

    private static void list(Line line, List<?> values) throws IOException {
        line.say("+OK");
        for (int i = 0; i < values.size(); i++) {
            line.say(i + 1 + " " + values.get(i));
        }
        line.say(".");
    }

    private void top(Line line, String text) throws IOException {
        if (top) {
            content(line, text.split("\r\n\r\n", 2)[0] + "\r\n\r\n");
        } else {
            line.say("-ERR unknown");
        }
    }

    private static void content(Line line, String text) throws IOException {
        line.say("+OK");
        line.say(text + ".");
    }
}
