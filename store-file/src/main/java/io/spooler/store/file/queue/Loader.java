package io.spooler.store.file.queue;

import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Journal.Found;
import io.spooler.store.file.journal.Position;
import io.spooler.store.file.journal.ReadAhead;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Reads messages back from the journal, each from one place if it is fresh, from two if it was tried. Guarded by the lock of the store. */
final class Loader {

    private final ReadAhead records;

    Loader(Journal journal) {
        this.records = journal.readAhead();
    }

    Stored load(Entry entry) throws IOException {
        Found found = read(entry.ledger, entry);
        if (found.type() != Records.DELTA) {
            return whole(entry, found);
        }
        Deque<Delta> deltas = new ArrayDeque<>();
        while (found.type() == Records.DELTA) {
            Delta delta = Records.delta(found);
            deltas.push(delta);
            found = read(delta.previous(), entry);
        }
        Stored stored = whole(entry, found);
        while (!deltas.isEmpty()) {
            stored = stored.with(deltas.pop());
        }
        return stored;
    }

    private Stored whole(Entry entry, Found found) throws IOException {
        if (found.type() != Records.STATE) {
            return message(found);
        }
        Stored stored = message(read(entry.position, entry));
        return stored.with(Records.state(found, stored.envelope().recipients()));
    }

    private static Stored message(Found found) throws IOException {
        if (found.type() != Records.MESSAGE) {
            throw new IOException(
                    "a record of type " + found.type() + " where a message was expected",
                    new IllegalArgumentException("not a message"));
        }
        return Records.message(found).stored();
    }

    /** One more delta, where the chain is broken. */
    Stored with(Stored stored, long position) throws IOException {
        Found found = records.read(position);
        return stored.with(Records.delta(found));
    }

    private Found read(long position, Entry entry) throws IOException {
        Found found = records.read(position);
        try {
            if (entry.has(Records.id(found))) {
                return found;
            }
        } catch (RuntimeException e) {
            throw new IOException("no message at " + Position.text(position), e);
        }
        throw new IOException(
                "another message at " + Position.text(position),
                new IllegalArgumentException(entry.id().toString()));
    }
}
