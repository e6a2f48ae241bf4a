package io.spooler.store.file.queue;

import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.CoupledStore.Served;
import io.spooler.store.CoupledStore.Serving;
import io.spooler.store.OwnPart;
import io.spooler.store.file.content.ContentWriter;
import io.spooler.store.file.content.Limits;
import io.spooler.store.file.folder.FileFolders;
import io.spooler.store.file.journal.Append;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way in for messages of which the store serves a part itself. Any thread.
 *
 * <p>Order: large contents first, a file for each copy; then, as one group, the copies and the record of the message, so
 * that one force is the commit point of all. What a power loss leaves of a group that was not forced yet counts only if
 * the copies are all there ({@link Copies}).
 */
public final class Coupling {

    private final Intake intake;
    private final FileFolders folders;

    /**
     * Assigns.
     *
     * @param intake the ordinary way
     * @param folders where copies go
     */
    public Coupling(Intake intake, FileFolders folders) {
        this.intake = intake;
        this.folders = folders;
    }

    /**
     * A new message.
     *
     * @param envelope whose
     * @param part whom the store serves
     * @param limits what it may be
     * @return the draft
     * @throws SpoolException NO_RECIPIENTS or TOO_MANY_RECIPIENTS
     */
    public Serving begin(Envelope envelope, OwnPart part, Limits limits) throws SpoolException {
        Intake.check(envelope, limits);
        part.check(envelope);
        SpoolId id = intake.ids().next();
        return new ServingDraft(id, envelope, part, intake.writer(id, limits));
    }

    /** A copy with the content that is its own, in the heap or in a file. */
    private record Copy(SpoolId id, ContentWriter content) {}

    /** A draft of this kind. */
    private final class ServingDraft extends FileDraft implements Serving {

        private final Envelope envelope;
        private final OwnPart part;
        private volatile @Nullable Served served;

        ServingDraft(SpoolId id, Envelope envelope, OwnPart part, ContentWriter writer) {
            super(id, writer, intake.forcer());
            this.envelope = envelope;
            this.part = part;
        }

        @Override
        public Optional<Served> served() {
            return isCommitted() ? Optional.ofNullable(served) : Optional.empty();
        }

        @Override
        void append(ContentWriter content, CompletableFuture<SpoolId> stage) throws SpoolException {
            intake.awaitRoom();
            List<Copy> copies = new ArrayList<>();
            try {
                copy(content, copies);
                String key = envelope.options().idempotencyKey();
                intake.once(key, () -> group(content, copies, stage), () -> discard(content, copies), stage);
            } catch (SpoolException | RuntimeException e) {
                discard(content, copies);
                throw e;
            }
        }

        /** What is in the heap all can share. Of files each needs his own, but for the last one who needs any. */
        private void copy(ContentWriter content, List<Copy> copies) throws SpoolException {
            boolean taken = isKept();
            for (int i = 0; i < part.placements().size(); i++) {
                SpoolId id = intake.ids().next();
                boolean again = content.isInFile() && taken;
                copies.add(new Copy(id, again ? intake.forcer().again(content, id) : content));
                taken = true;
            }
        }

        private boolean isKept() {
            int count = part.placements().stream()
                    .mapToInt(p -> p.recipients().size())
                    .sum();
            return part.completion() || count < envelope.recipients().size();
        }

        private void discard(ContentWriter content, List<Copy> copies) {
            copies.stream().map(Copy::content).filter(copy -> copy != content).forEach(ContentWriter::discard);
            content.discard();
        }

        /** Under the lock of the store. */
        private List<Append> group(ContentWriter content, List<Copy> copies, CompletableFuture<SpoolId> stage) {
            List<Append> group = new ArrayList<>();
            List<Mailboxes.Entry> entries = new ArrayList<>();
            for (int i = 0; i < copies.size(); i++) {
                Copy copy = copies.get(i);
                Mailboxes.Entry entry =
                        folders.entry(copy.id(), part.placements().get(i).filing(), content.size());
                entries.add(entry);
                group.add(folders.filing(entry, copy.content(), new CompletableFuture<>()));
            }
            Stored stored = Stored.fresh(id(), envelope, intake.now(), content.ref())
                    .served(part, copies.stream().map(Copy::id).toList());
            group.add(intake.served(stored, copies.size(), content, stage));
            served = new Served(stored.status(), entries);
            return Collections.unmodifiableList(group);
        }
    }
}
