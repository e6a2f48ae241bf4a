package io.spooler.core.report;

import io.spooler.Reply;
import io.spooler.store.Message;
import java.util.ArrayList;
import java.util.List;

/** The part for people: what happened, what the spooler does, what the reader can do. */
final class TextPart {

    private final Words words;
    private final List<String> lines = new ArrayList<>();

    private TextPart(Words words) {
        this.words = words;
    }

    /**
     * Writes it.
     *
     * @param words the language
     * @param message the original
     * @param subject of the original, decoded; may be empty
     * @param news what happened, at least one
     * @param host the name of this system
     * @param attached the words for what of the original is attached
     * @return lines that end with CRLF
     */
    static String of(Words words, Message message, String subject, List<News> news, String host, String attached) {
        TextPart part = new TextPart(words);
        part.paragraph(words.say("greeting", host));
        part.paragraph(words.say(
                "about",
                subject.isEmpty() ? words.say("subject.none") : subject,
                words.date(message.submitted()),
                message.id().toString()));
        if (message.envelope().sender() == null) {
            part.paragraph(words.say("postmaster"));
        }
        for (Kind kind : Kind.values()) {
            part.kind(kind, news.stream().filter(n -> n.kind() == kind).toList());
        }
        part.lines.addAll(words.say(attached).lines().toList());
        return String.join("\r\n", part.lines) + "\r\n";
    }

    private void kind(Kind kind, List<News> news) {
        if (news.isEmpty()) {
            return;
        }
        lines.addAll(words.say(kind + ".what").lines().toList());
        news.forEach(this::recipient);
        lines.add("");
        paragraph(words.say(kind + ".next"));
    }

    private void recipient(News news) {
        Reply reply = news.status().reply();
        lines.add("");
        lines.add("    " + Reply.clean(news.status().recipient().address().value()));
        if (reply != null) {
            lines.add("        " + reply);
        }
        if (news.until() != null) {
            lines.add("        " + words.say("until", words.date(news.until())));
        }
    }

    private void paragraph(String text) {
        lines.addAll(text.lines().toList());
        lines.add("");
    }
}
