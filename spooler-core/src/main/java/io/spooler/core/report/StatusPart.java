package io.spooler.core.report;

import io.spooler.Recipient;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.store.Message;
import java.util.List;
import java.util.regex.Pattern;

/** The part for programs: {@code message/delivery-status} (RFC 3464 section 2). ASCII only. */
final class StatusPart {

    /** A transport passes the words of an SMTP server on as they came: its reply code first. */
    private static final Pattern SMTP = Pattern.compile("[2-5]\\d\\d( .*)?", Pattern.DOTALL);

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private StatusPart() {}

    /**
     * Writes it.
     *
     * @param message the original
     * @param news what happened, at least one
     * @param host the name of this system
     * @return the body of the part
     */
    static String of(Message message, List<News> news, String host) {
        Fields fields = new Fields();
        String envid = message.envelope().options().envid();
        if (envid != null) {
            fields.add("Original-Envelope-Id", Fields.ascii(envid));
        }
        fields.add("Reporting-MTA", "dns; " + Fields.ascii(host)).add("Arrival-Date", message.submitted());
        news.forEach(n -> recipient(fields.end(), n));
        return fields.toString();
    }

    private static void recipient(Fields fields, News news) {
        RecipientStatus status = news.status();
        Recipient recipient = status.recipient();
        if (recipient.original() != null) {
            fields.add("Original-Recipient", Fields.typed(recipient.original()));
        }
        fields.add("Final-Recipient", Fields.typed(recipient.address()))
                .add("Action", news.kind().action())
                .add("Status", status(news));
        if (news.server() != null) {
            fields.add("Remote-MTA", "dns; " + host(Fields.ascii(news.server())));
        }
        Reply reply = status.reply();
        if (reply != null) {
            fields.add("Diagnostic-Code", diagnostic(reply));
        }
        if (news.tried() != null) {
            fields.add("Last-Attempt-Date", news.tried());
        }
        if (news.until() != null) {
            fields.add("Will-Retry-Until", news.until());
        }
    }

    /** The class is that of the action, whatever was said last: a failure for good has class 5, a delay class 4. */
    private static String status(News news) {
        Reply reply = news.status().reply();
        char wanted = news.kind().statusClass();
        if (reply == null || (wanted != '2') == reply.status().startsWith("2")) {
            return wanted + ".0.0";
        }
        return wanted + reply.status().substring(1);
    }

    /** An address stands in brackets (RFC 5321 section 4.1.3). */
    private static String host(String name) {
        return name.indexOf(':') >= 0
                ? "[IPv6:" + name + "]"
                : IPV4.matcher(name).matches() ? "[" + name + "]" : name;
    }

    private static String diagnostic(Reply reply) {
        String text = Fields.ascii(reply.text());
        return SMTP.matcher(text).matches() ? "smtp; " + text : "x-spooler; " + reply.status() + " " + text;
    }
}
