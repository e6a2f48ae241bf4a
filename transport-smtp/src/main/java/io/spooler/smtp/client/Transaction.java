package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.spooler.Address;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message over a session: MAIL, RCPT for each recipient, then DATA, content, final dot, or BDAT with the content where
 * the server offers CHUNKING; BDAT waits for the replies to RCPT, so that no content goes to a server that takes nobody. With PIPELINING all commands go
 * in one write and their replies are read in order (RFC 2920); else each waits for the reply before it. Behind the dot
 * the commands of the next message may follow before this one is answered. The answer to the final dot decides for
 * every accepted recipient, in LMTP one answer for each; from the dot on there is no return.
 */
final class Transaction implements Phase {

    private enum Step {
        PREPARE,
        RSET,
        MAIL,
        RCPT,
        DATA,
        CONTENT,
        END
    }

    private final Connection connection;
    private final Transfer transfer;
    private final Consignment consignment;
    private final List<Recipient> recipients;
    private final Answers answers;
    private final Extensions server;
    private final Admission admission;
    private final boolean lmtp;
    private Outgoing content;
    private int chunksAnswered;
    private boolean utf8;
    private boolean heard;
    private boolean ended;
    private @Nullable Outcome senderRefused;
    private Step step = Step.PREPARE;

    Transaction(Connection connection, Transfer transfer) {
        this.connection = connection;
        this.transfer = transfer;
        this.consignment = transfer.consignment();
        this.recipients = consignment.recipients();
        this.answers = new Answers(recipients.size());
        this.server = connection.extensions();
        this.admission = new Admission(server);
        this.lmtp = connection.site().settings().lmtp();
        this.content = content();
    }

    private Outgoing content() {
        return new Outgoing(
                consignment.content(), server.chunking(), connection.channel().alloc());
    }

    Transfer transfer() {
        return transfer;
    }

    /** Whether a command was sent. */
    boolean hasBegun() {
        return step != Step.PREPARE;
    }

    // ---- before MAIL

    void start() {
        consignment.servedBy(connection.link().endpoint().host());
        Outcome refusal = admission.refusal(consignment);
        if (consignment.isCancelled()) {
            finishOpen(new Outcome.NotMine());
            return;
        }
        if (refusal != null) {
            finishOpen(refusal);
            return;
        }
        Address sender = consignment.sender();
        utf8 = sender != null && Mailbox.isInternational(sender.value());
        for (int i = 0; i < recipients.size(); i++) {
            offer(i, recipients.get(i).address());
        }
        if (answers.offeredCount() == 0) {
            finish();
        } else {
            prepare();
        }
    }

    private void offer(int index, Address address) {
        Outcome refusal = admission.refusal(address);
        if (refusal != null) {
            answers.decide(index, refusal);
        } else {
            answers.offer(index);
            utf8 |= Mailbox.isInternational(address.value());
        }
    }

    /** The server took some recipients and wants no more at a time: the same message once more, to the others. */
    private void startAgain() {
        answers.nextRound();
        content = content();
        chunksAnswered = 0;
        step = Step.PREPARE;
        prepare();
    }

    private void prepare() {
        if (ended) {
            return;
        }
        try {
            if (!content.prepare()) {
                // A large message must not keep the other connections of this loop waiting.
                connection.loop().execute(this::prepare);
                return;
            }
        } catch (IOException | RuntimeException e) {
            finishOpen(unreadable(e));
            return;
        }
        Outcome refusal = admission.refusal(consignment, content);
        if (refusal != null) {
            finishOpen(refusal);
        } else {
            utf8 |= Admission.needsUtf8(consignment, content);
            sendCommands();
        }
    }

    private static Outcome unreadable(Exception e) {
        return new Outcome.Deferred(Scope.MESSAGE, null, new Reply("4.3.0", "content cannot be read: " + e));
    }

    private void sendCommands() {
        ByteBuf out =
                connection.channel().alloc().ioBuffer(128 + 64 * (server.pipelining() ? answers.offeredCount() : 1));
        step = Step.MAIL;
        if (connection.takeDirty()) {
            step = Step.RSET;
            Commands.line(out, "RSET");
        }
        if (step == Step.MAIL || server.pipelining()) {
            writeMail(out);
        }
        if (server.pipelining()) {
            for (int i = 0; i < answers.offeredCount(); i++) {
                Commands.rcpt(out, recipients.get(answers.offered(i)), utf8, server);
            }
            if (!server.chunking()) {
                Commands.line(out, "DATA");
            }
        }
        connection.send(out);
    }

    private void writeMail(ByteBuf out) {
        Commands.mail(
                out,
                consignment.sender(),
                consignment.options(),
                content.sentSize(),
                content.isEightBit(),
                utf8,
                server);
    }

    // ---- replies

    @Override
    public void reply(ServerReply reply) {
        if (reply.isClosing()) {
            closing(reply);
            return;
        }
        heard = true;
        switch (step) {
            case PREPARE -> connection.end(reply.asObstacle("unexpected reply"));
            case RSET -> reset(reply);
            case MAIL -> mail(reply);
            case RCPT -> recipient(reply);
            case DATA -> data(reply);
            case CONTENT -> early(reply);
            case END -> end(reply);
        }
    }

    /** 421: the server leaves. On a used connection, as the first word, it means only that it was idle for too long. */
    private void closing(ServerReply reply) {
        if (!isStale()) {
            answers.fill(reply.refusal(Scope.LANE));
        }
        connection.end(reply.toReply());
    }

    private void reset(ServerReply reply) {
        if (!reply.isPositive()) {
            connection.end(reply.asObstacle("RSET refused"));
            return;
        }
        step = Step.MAIL;
        if (!server.pipelining()) {
            ByteBuf out = connection.channel().alloc().ioBuffer(128);
            writeMail(out);
            connection.send(out);
        }
    }

    private void mail(ServerReply reply) {
        step = Step.RCPT;
        if (!reply.isPositive()) {
            senderRefused = reply.refusal(Scope.MESSAGE);
        }
        if (!server.pipelining()) {
            if (senderRefused != null) {
                finishOpen(senderRefused);
            } else {
                sendRecipient();
            }
        }
    }

    private void sendRecipient() {
        ByteBuf out = connection.channel().alloc().ioBuffer(128);
        Commands.rcpt(out, recipients.get(answers.next()), utf8, server);
        connection.send(out);
    }

    private void recipient(ServerReply reply) {
        if (senderRefused != null) {
            answers.refuse(senderRefused);
        } else if (reply.isPositive()) {
            answers.accept();
        } else if (reply.meansTooManyRecipients()) {
            answers.postpone(Outcome.Deferred.recipient(
                    new Reply("4.5.3", reply.toReply().text())));
        } else {
            answers.refuse(reply.refusal(Scope.RECIPIENT));
        }
        if (!answers.hasNext()) {
            allRecipientsAnswered();
        } else if (!server.pipelining()) {
            sendRecipient();
        }
    }

    private void allRecipientsAnswered() {
        step = Step.DATA;
        if (server.pipelining() && !server.chunking()) {
            return;
        }
        if (answers.acceptedCount() == 0) {
            connection.markDirty();
            finish();
        } else if (server.chunking()) {
            step = Step.CONTENT;
            sendContent();
        } else {
            connection.send("DATA");
        }
    }

    private void data(ServerReply reply) {
        if (reply.code() == 354) {
            if (answers.acceptedCount() == 0) {
                endWithoutContent();
            } else {
                step = Step.CONTENT;
                sendContent();
            }
        } else if (reply.isPositive()) {
            answers.fill(reply.refusal(Scope.MESSAGE));
            connection.end(reply.asObstacle("DATA answered with"));
        } else {
            answers.fill(reply.refusal(Scope.MESSAGE));
            connection.markDirty();
            finish();
        }
    }

    /** RFC 2920 section 3.1: the server took DATA although nobody is served. An empty message ends it. */
    private void endWithoutContent() {
        step = Step.END;
        connection.send(".");
        if (lmtp) {
            // RFC 2033 section 4.2: one reply for each that was accepted, so none.
            finish();
        }
    }

    private void sendContent() {
        boolean wasLast;
        try {
            connection.expectReply();
            wasLast = content.write(connection.channel());
        } catch (IOException | RuntimeException e) {
            // Without the dot nothing was sent.
            answers.fill(unreadable(e));
            connection.end(new Reply("4.3.0", "content cannot be read"));
            return;
        }
        if (wasLast) {
            step = Step.END;
            if (connection.link().isWatched()) {
                connection.link().tell("> (content of " + content.size() + " octets, " + consignment.id() + ")");
            }
            if (awaitsItsAnswer()) {
                connection.contentSent();
            }
        }
        connection.channel().flush();
    }

    @Override
    public void writable() {
        if (step == Step.CONTENT) {
            sendContent();
        }
    }

    /** A reply in the middle of the content: to a chunk, or the server gives up. */
    private void early(ServerReply reply) {
        if (server.chunking() && reply.isPositive()) {
            chunksAnswered++;
            return;
        }
        answers.fill(reply.refusal(Scope.MESSAGE));
        connection.end(reply.toReply());
    }

    private void end(ServerReply reply) {
        if (chunksAnswered + 1 < content.chunks()) {
            early(reply);
        } else if (answers.acceptedCount() == 0) {
            finish();
        } else {
            answered(reply);
        }
    }

    private void answered(ServerReply reply) {
        Reply words = reply.toReply();
        if (reply.isPositive()) {
            connection.site().health().success(words);
        } else if (server.chunking()) {
            // RFC 3030 section 4.2: in which state the server is now is not known.
            connection.markDirty();
        }
        if (lmtp) {
            answers.tell(reply.isPositive() ? new Outcome.Delivered(words) : reply.refusal(Scope.RECIPIENT));
            if (!answers.allTold()) {
                return;
            }
        } else {
            answers.fill(reply.isPositive() ? new Outcome.Relayed(words, server.dsn()) : reply.refusal(Scope.MESSAGE));
        }
        if ((lmtp || reply.isPositive()) && answers.anyPostponed() && !consignment.isCancelled()) {
            startAgain();
        } else {
            finish();
        }
    }

    // ---- ends

    private void finishOpen(Outcome outcome) {
        answers.fill(outcome);
        finish();
    }

    private void finish() {
        release();
        connection.done(this, answers.list());
    }

    /** Lets the content go; nothing more is sent. */
    void release() {
        ended = true;
        content.release();
    }

    /** A connection that was idle may have been closed by the server: then nothing was begun. */
    private boolean isStale() {
        return !heard && connection.served() > 0 && !transfer.wasRetried() && !consignment.isCancelled();
    }

    @Override
    public void lost(Reply why) {
        release();
        if (isStale() && answers.isUntouched()) {
            transfer.markRetried();
            connection.handOn(transfer);
            return;
        }
        answers.fill(isPastReturn() ? unknown(why) : interrupted(why));
        transfer.finish(answers.list());
    }

    private static Outcome unknown(Reply why) {
        String text = "result unknown, possible duplicate: no answer after the whole message was sent: ";
        return new Outcome.Deferred(Scope.MESSAGE, null, new Reply("4.4.2", text + why.text()));
    }

    private Outcome interrupted(Reply why) {
        return new Outcome.Deferred(heard ? Scope.MESSAGE : Scope.LANE, null, why);
    }

    @Override
    public void drop() {
        release();
        transfer.finish(answers.list());
    }

    /** Whether nothing is left to be sent of it, also to those who were put off. */
    boolean awaitsItsAnswer() {
        return isPastReturn() && !answers.anyPostponed();
    }

    @Override
    public boolean isPastReturn() {
        return step == Step.END && answers.acceptedCount() > 0;
    }
}
