package io.spooler.smtp.listener;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one session and the state they leave (RFC 5321 section 4.1): who the client says it is, and the
 * transaction it has begun. Knows nothing of connections: one command in, one answer out. One thread.
 */
final class Conversation {

    private static final Set<String> HTTP =
            Set.of("GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "CONNECT", "PATCH", "TRACE");
    private static final Pattern CHUNK = Pattern.compile("(\\d+)( +LAST)?", Pattern.CASE_INSENSITIVE);
    private static final int LONG_DIGITS = 18;
    private static final Pattern HELO_NAME = Pattern.compile("[!-~]{1,255}");

    private final ListenerSettings settings;
    private final Services services;
    private final RecipientDesk desk;
    private final Login login;
    private final boolean near;

    private @Nullable String helo;
    private boolean extended;
    private boolean encrypted;
    private @Nullable Transaction transaction;
    private boolean chunking;
    /** What is done with the answer of somebody else; null if it is the log-in that waits for it. */
    private @Nullable Function<Answer, Step> pending;

    /** A client that sends its content although DATA was refused must not have it read as commands. */
    private boolean contentMayFollow;

    /**
     * Begins.
     *
     * @param services what is needed from elsewhere
     * @param client where the client is
     */
    Conversation(ListenerSettings settings, Services services, InetAddress client) {
        this.settings = settings;
        this.services = services;
        this.desk = new RecipientDesk(services);
        this.login = new Login(services.logins(), client);
        this.near = settings.mayRelay(client);
    }

    /**
     * Answers a command.
     *
     * @param line without line end; octets that are no UTF-8 stand as U+FFFD
     * @return what to do; {@link Answer#START_CONTENT} if content may come now, {@link Step.NoContent} if it may not
     */
    Step handle(String line) {
        if (login.isOpen()) {
            return login.respond(line);
        }
        int space = line.indexOf(' ');
        String verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : line.substring(space + 1).stripTrailing();
        try {
            Step step = dispatch(verb, argument);
            contentMayFollow = verb.equals("DATA") && step != Answer.START_CONTENT;
            return step;
        } catch (Refused refused) {
            contentMayFollow = false;
            return refused.answer();
        }
    }

    /** Answers a command that is longer than any may be. */
    Answer handleTooLong() {
        return contentMayFollow ? Answer.TOO_EARLY : Answer.LINE_TOO_LONG;
    }

    /** Whether what comes next belongs to a log-in. */
    boolean isLoggingIn() {
        return login.isOpen();
    }

    /** What is done about the answer of somebody else, see {@link Step.Later}. */
    Step resume(Answer answer) {
        Function<Answer, Step> next = pending;
        pending = null;
        return next == null ? login.resume(answer) : next.apply(answer);
    }

    /** Goes on with an answer, now or when it comes. */
    private Step then(Step step, Function<Answer, Step> next) {
        if (step instanceof Answer answer) {
            return next.apply(answer);
        }
        pending = next;
        return step;
    }

    private Step dispatch(String verb, String argument) throws Refused {
        return switch (verb) {
            case "EHLO", "HELO" -> settings.lmtp() ? Answer.UNKNOWN_COMMAND : hello(verb, argument);
            case "LHLO" -> settings.lmtp() ? hello(verb, argument) : Answer.UNKNOWN_COMMAND;
            case "MAIL" -> mail(argument);
            case "RCPT" -> rcpt(argument);
            case "DATA" -> data(argument);
            case "RSET" -> argument.isEmpty() ? reset() : Answer.BAD_ARGUMENT;
            case "QUIT" -> argument.isEmpty() ? Answer.BYE : Answer.BAD_ARGUMENT;
            case "NOOP" -> Answer.OK;
            case "HELP" ->
                Answer.of(214, "2.0.0", "EHLO HELO MAIL RCPT DATA BDAT RSET NOOP QUIT STARTTLS AUTH, see RFC 5321");
            case "BDAT" -> bdat(argument);
            case "STARTTLS" -> argument.isEmpty() ? startTls() : Answer.BAD_ARGUMENT;
            case "AUTH" -> auth(argument);
            case "VRFY", "EXPN", "TURN", "ETRN", "SEND", "SOML", "SAML" -> Answer.NOT_IMPLEMENTED;
            default -> unknown(verb);
        };
    }

    private Answer unknown(String verb) {
        if (contentMayFollow) {
            return Answer.TOO_EARLY;
        }
        boolean headerLine = verb.indexOf(':') > 0;
        return headerLine || HTTP.contains(verb) ? Answer.NOT_SMTP : Answer.UNKNOWN_COMMAND;
    }

    private Answer hello(String verb, String argument) {
        if (!HELO_NAME.matcher(argument).matches()) {
            return Answer.BAD_ARGUMENT;
        }
        helo = argument;
        extended = !verb.equals("HELO");
        endTransaction();
        return extended ? Answer.of(250, extensions()) : Answer.of(250, "", settings.hostname());
    }

    private List<String> extensions() {
        List<String> lines = new ArrayList<>();
        lines.add(settings.hostname());
        lines.add("PIPELINING");
        lines.add("SIZE " + settings.limits().messageSize());
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        lines.add("ENHANCEDSTATUSCODES");
        lines.add("CHUNKING");
        lines.add("DSN");
        if (settings.tlsMode().isOnDemand() && !encrypted) {
            lines.add("STARTTLS");
        }
        if (encrypted && offersLogin()) {
            lines.add("AUTH PLAIN LOGIN SCRAM-SHA-256");
        }
        return lines;
    }

    private Answer startTls() {
        if (encrypted) {
            return Answer.BAD_SEQUENCE;
        }
        return settings.tlsMode().isOnDemand() ? Answer.START_TLS : Answer.NOT_IMPLEMENTED;
    }

    /** TLS begins: nothing that was said in clear text counts any more (RFC 3207 section 4.2). */
    void encrypted() {
        encrypted = true;
        helo = null;
        extended = false;
        endTransaction();
    }

    private boolean offersLogin() {
        return settings.role() != Role.DELIVERY && services.logins().arePossible();
    }

    private Step auth(String argument) throws Refused {
        if (!encrypted) {
            return Answer.LOGIN_NEEDS_TLS;
        }
        if (!offersLogin()) {
            return Answer.NOT_IMPLEMENTED;
        }
        boolean inTurn = extended && login.user() == null && transaction == null;
        return inTurn ? login.begin(argument) : Answer.BAD_SEQUENCE;
    }

    /** Whether the client may send to any domain. */
    private boolean isTrusted() {
        return near || login.user() != null;
    }

    private Answer mail(String argument) throws Refused {
        if (helo == null || transaction != null) {
            return Answer.BAD_SEQUENCE;
        }
        if (settings.tlsMode() == TlsMode.ENCRYPT && !encrypted) {
            return Answer.NEEDS_TLS;
        }
        if (settings.role() == Role.SUBMISSION && !isTrusted()) {
            return Answer.NEEDS_LOGIN;
        }
        String rest = behind("FROM:", argument);
        PathParser.Path path = PathParser.parse(rest, "5.1.7", settings.lenient());
        Parameters.Mail parameters = Parameters.mail(rest.substring(path.end()));
        Mailbox mailbox = path.mailbox();
        if (mailbox != null) {
            checkScript(mailbox, parameters.utf8());
            if (mailbox.domain().isEmpty()) {
                return Answer.of(501, "5.1.7", "address needs a domain");
            }
        }
        if (parameters.size() > settings.limits().messageSize()) {
            return Answer.TOO_LARGE;
        }
        if (services.spooler().get() == null) {
            return Answer.NO_SPOOLER;
        }
        transaction = new Transaction(mailbox == null ? null : mailbox.address(), parameters);
        return Answer.SENDER_OK;
    }

    private Step rcpt(String argument) throws Refused {
        Transaction open = transaction;
        if (open == null || chunking) {
            return Answer.BAD_SEQUENCE;
        }
        String rest = behind("TO:", argument);
        PathParser.Path path = PathParser.parse(rest, "5.1.3", settings.lenient());
        Mailbox mailbox = path.mailbox();
        if (mailbox == null) {
            return Answer.of(501, "5.1.3", "recipient must not be empty");
        }
        Parameters.Rcpt wishes = Parameters.rcpt(rest.substring(path.end()));
        checkScript(mailbox, open.isUtf8());
        Mailbox recipient = mailbox.domain().isEmpty() ? mailbox.at(ownDomain()) : mailbox;
        if (!isTrusted() && !isLocal(recipient)) {
            return Answer.NO_RELAY;
        }
        Step step = isChecked(recipient) ? desk.check(recipient) : Answer.RECIPIENT_OK;
        return then(step, answer -> {
            boolean full = answer == Answer.RECIPIENT_OK
                    && !open.add(recipient, wishes, settings.limits().recipients());
            return full ? Answer.TOO_MANY_RECIPIENTS : answer;
        });
    }

    /** Where mail for a lone {@code postmaster} goes (RFC 5321 section 4.5.1). */
    private String ownDomain() {
        return settings.localDomains().stream().sorted().findFirst().orElse(settings.hostname());
    }

    private boolean isLocal(Mailbox recipient) {
        return !recipient.looksLikeRoute() && settings.localDomains().contains(recipient.domainKey());
    }

    private boolean isChecked(Mailbox recipient) {
        return isLocal(recipient) && !settings.uncheckedDomains().contains(recipient.domainKey());
    }

    private static void checkScript(Mailbox mailbox, boolean utf8) throws Refused {
        if (!utf8 && !mailbox.isAscii()) {
            throw new Refused(Answer.NEEDS_UTF8);
        }
    }

    private static String behind(String keyword, String argument) throws Refused {
        if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        return argument.substring(keyword.length());
    }

    private Step data(String argument) {
        Transaction open = transaction;
        if (!argument.isEmpty()) {
            return new Step.NoContent(Answer.BAD_ARGUMENT);
        }
        if (open == null || chunking) {
            return new Step.NoContent(Answer.BAD_SEQUENCE);
        }
        return open.hasRecipients() ? checkAgain(open, this::contentMayCome) : new Step.NoContent(Answer.NO_RECIPIENTS);
    }

    private Step contentMayCome(Answer answer) {
        boolean begins = answer == Answer.RECIPIENT_OK;
        contentMayFollow = !begins;
        if (!begins) {
            endTransaction();
        }
        return begins ? Answer.START_CONTENT : new Step.NoContent(answer);
    }

    /** Looks whether the recipients are still there; goes on with why the message is refused if they are not. */
    private Step checkAgain(Transaction open, Function<Answer, Step> next) {
        List<Mailbox> checked = new ArrayList<>(0);
        for (Mailbox recipient : open.taken()) {
            if (isChecked(recipient)) {
                checked.add(recipient);
            }
        }
        if (checked.isEmpty()) {
            return next.apply(Answer.RECIPIENT_OK);
        }
        CompletableFuture<Map<Mailbox, Answer>> refused = desk.checkAgain(checked);
        Step step = Step.of(refused.thenApply(found -> Answer.RECIPIENT_OK));
        return then(step, answer -> next.apply(answer == Answer.RECIPIENT_OK ? without(open, refused.join()) : answer));
    }

    /**
     * Goes on without some recipients. By LMTP the others get the message, and each has its own answer; by SMTP all have
     * one, so the client has to send once more, and hears then who is gone.
     */
    private Answer without(Transaction open, Map<Mailbox, Answer> refused) {
        if (refused.isEmpty()) {
            return Answer.RECIPIENT_OK;
        }
        open.refuse(refused);
        if (!open.hasRecipients()) {
            return refused.containsValue(Answer.RECIPIENT_LATER) ? Answer.RECIPIENT_LATER : Answer.UNKNOWN_RECIPIENT;
        }
        return settings.lmtp() ? Answer.RECIPIENT_OK : Answer.RECIPIENT_GONE;
    }

    private Step bdat(String argument) {
        Matcher matcher = CHUNK.matcher(argument);
        if (!matcher.matches()) {
            return Answer.BAD_CHUNK;
        }
        String digits = matcher.group(1);
        long size = digits.length() > LONG_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
        if (size > settings.limits().messageSize()) {
            return Answer.CHUNK_TOO_LARGE;
        }
        Transaction open = transaction;
        Answer refusal = open == null ? Answer.BAD_SEQUENCE : open.hasRecipients() ? null : Answer.NO_RECIPIENTS;
        boolean last = matcher.group(2) != null;
        boolean first = refusal == null && !chunking;
        return first && open != null
                ? checkAgain(open, answer -> firstChunk(size, last, answer))
                : new Step.Chunk(size, last, refusal);
    }

    private Step firstChunk(long size, boolean last, Answer answer) {
        chunking = answer == Answer.RECIPIENT_OK;
        return new Step.Chunk(size, last, chunking ? null : answer);
    }

    private Answer reset() {
        endTransaction();
        return Answer.OK;
    }

    /** The transaction that is open, or null. */
    @Nullable
    Transaction transaction() {
        return transaction;
    }

    /** Whether some of the content of the transaction has come by chunks. */
    boolean isChunking() {
        return chunking;
    }

    /** The transaction has its content, or is given up. */
    void endTransaction() {
        transaction = null;
        chunking = false;
    }

    /** DATA was taken back behind our own {@link Answer#START_CONTENT}: whatever comes may be content. */
    void contentRefused() {
        endTransaction();
        contentMayFollow = true;
    }

    /** What the client called itself. */
    String helo() {
        return helo == null ? "unknown" : helo;
    }

    /** The protocol for the trace line (RFC 3848, RFC 6531). */
    String protocol(boolean utf8) {
        String base = settings.lmtp() ? utf8 ? "UTF8LMTP" : "LMTP" : utf8 ? "UTF8SMTP" : extended ? "ESMTP" : "SMTP";
        String secured = encrypted && extended ? base + "S" : base;
        return login.user() == null ? secured : secured + "A";
    }
}
