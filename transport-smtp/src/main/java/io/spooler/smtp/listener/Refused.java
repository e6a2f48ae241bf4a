package io.spooler.smtp.listener;

/** A command is wrong; carries the reply. Without a stack trace: clients may cause any number of these. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    Refused(Answer answer) {
        super(answer.wire(), null, false, false);
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
