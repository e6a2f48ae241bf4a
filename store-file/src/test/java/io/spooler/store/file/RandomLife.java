package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.Origins;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.CoupledStore;
import io.spooler.store.Folders;
import io.spooler.store.OwnPart;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Transition;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Does all that can be done to a store, in an order that a seed decides. One thread. */
final class RandomLife {

    private static final List<RecipientState> SLEEPING =
            List.of(RecipientState.DEFERRED, RecipientState.WAITING, RecipientState.READY);

    private final FileStore store;
    private final ManualClock clock;
    private final Random random;
    private final List<Claim> claims = new ArrayList<>();
    private final List<SpoolId> filed = new ArrayList<>();
    private int keys;

    RandomLife(FileStore store, ManualClock clock, long seed) {
        this.store = store;
        this.clock = clock;
        this.random = new Random(seed);
    }

    void live(int steps) throws Exception {
        for (int i = 0; i < steps; i++) {
            step();
            clock.advance(Duration.ofMillis(random.nextInt(2000)));
        }
    }

    private void step() throws Exception {
        try {
            stepOn();
        } catch (SpoolException e) {
            // A claim has ended by itself.
            assertThat(e.reason()).isEqualTo(SpoolException.Reason.NOT_FOUND);
        }
    }

    private void stepOn() throws Exception {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> submit();
            case 4, 5 -> claims.addAll(store.claim(1 + random.nextInt(6), clock.instant(), Duration.ofSeconds(30)));
            case 6, 7, 8 -> settle();
            case 9 -> revise();
            case 10 -> giveBack();
            case 11 -> file();
            case 12 -> changeFiled();
            case 13, 14 -> serve();
            default -> store.wake(io.spooler.store.QueueFilter.ALL);
        }
    }

    private Claim takeClaim() {
        return claims.isEmpty() ? null : claims.remove(random.nextInt(claims.size()));
    }

    private String text() {
        int size = random.nextInt(10) == 0 ? 70_000 : random.nextInt(900);
        return ("text " + random.nextInt() + ' ').repeat(1 + size / 12);
    }

    private void submit() throws Exception {
        String[] recipients = new String[random.nextInt(4) == 0 ? 2 + random.nextInt(30) : 1];
        for (int i = 0; i < recipients.length; i++) {
            recipients[i] = "user" + random.nextInt(100) + "@example" + random.nextInt(5) + ".org";
        }
        Envelope envelope = StoreKit.to(recipients);
        if (random.nextInt(5) == 0) {
            envelope = envelope.with(Envelope.Options.DEFAULT.withIdempotencyKey("key " + keys++));
        }
        try (Draft draft = store.begin(envelope)) {
            StoreKit.write(draft, text());
            StoreKit.get(draft.commit());
        }
    }

    /** Two recipients with two mailboxes or one, and now and then a third who is left. */
    private void serve() throws Exception {
        Folders.Filing box = new Folders.Filing("box" + random.nextInt(3), Mailboxes.INBOX, "mail", null, Set.of());
        List<OwnPart.Placement> placements = random.nextBoolean()
                ? List.of(new OwnPart.Placement(List.of(0, 1), box))
                : List.of(new OwnPart.Placement(List.of(1), box), new OwnPart.Placement(List.of(0), box));
        Envelope envelope = random.nextInt(3) == 0
                ? StoreKit.to("LOCAL:a", "LOCAL:b", "eve@example.org")
                : StoreKit.to("LOCAL:a", "LOCAL:b");
        if (random.nextInt(5) == 0) {
            envelope = envelope.with(Envelope.Options.DEFAULT.withIdempotencyKey("key " + keys++));
        }
        try (CoupledStore.Serving draft =
                store.begin(envelope, new OwnPart("own", placements, random.nextInt(4) == 0))) {
            StoreKit.write(draft, text());
            StoreKit.get(draft.commit());
            // Nothing is served if an earlier life had the key.
            draft.served().ifPresent(served -> served.copies().forEach(copy -> filed.add(copy.id())));
        }
    }

    private void settle() throws Exception {
        Claim claim = takeClaim();
        if (claim == null || claim.until().isBefore(clock.instant())) {
            return;
        }
        List<Transition> transitions = new ArrayList<>();
        boolean all = random.nextBoolean();
        List<RecipientStatus> now =
                store.find(claim.message().id()).orElseThrow().recipients();
        for (int recipient : claim.due()) {
            boolean open = !now.get(recipient).state().isFinal();
            if (open && (all || random.nextInt(3) == 0)) {
                transitions.add(transition(recipient));
            }
        }
        boolean complete = all
                && transitions.size() == now.size()
                && transitions.stream().allMatch(t -> t.state().isFinal());
        StoreKit.get(store.settle(claim, new Settlement(null, transitions, complete)));
        if (!all) {
            claims.add(claim);
        }
    }

    private Transition transition(int recipient) {
        if (random.nextInt(3) > 0) {
            return StoreKit.to(recipient, RecipientState.RELAYED, null);
        }
        return random.nextInt(5) == 0
                ? StoreKit.to(recipient, RecipientState.HELD, null)
                : StoreKit.to(
                        recipient,
                        SLEEPING.get(random.nextInt(3)),
                        clock.instant().plusSeconds(random.nextInt(100)));
    }

    private void revise() throws Exception {
        Claim claim = takeClaim();
        if (claim != null && claim.until().isAfter(clock.instant().plusSeconds(5))) {
            claims.add(claim);
            try (Draft draft = store.revise(claim)) {
                StoreKit.write(draft, text());
                StoreKit.get(draft.commit());
            }
        }
    }

    private void giveBack() {
        Claim claim = takeClaim();
        if (claim != null) {
            store.release(claim);
        }
    }

    private void file() throws Exception {
        try (var incoming = store.folders().receive()) {
            StoreKit.write(incoming, text());
            var filing = new io.spooler.store.Folders.Filing(
                    "box" + random.nextInt(3), Mailboxes.INBOX, "mail", null, Set.of());
            filed.add(StoreKit.get(incoming.file(filing, origin())).id());
        }
        if (random.nextInt(3) == 0) {
            store.folders().origins().remember(origin("print " + random.nextInt(3)));
        }
        if (random.nextInt(3) == 0) {
            store.folders()
                    .origins()
                    .forget(Description.SOURCE, List.of(origin("").id()));
        }
    }

    /** Of a few, one that is not remembered; or none. */
    private Origins.Origin origin() {
        Origins.Origin origin = origin("");
        boolean known = store.folders().origins().of(Description.SOURCE).stream()
                .anyMatch(one -> one.id().equals(origin.id()));
        return known ? null : origin;
    }

    private Origins.Origin origin(String print) {
        return new Origins.Origin(Description.SOURCE, "id " + random.nextInt(20), print);
    }

    private void changeFiled() throws Exception {
        if (filed.isEmpty()) {
            return;
        }
        SpoolId id = filed.get(random.nextInt(filed.size()));
        switch (random.nextInt(3)) {
            case 0 -> store.folders().mark(id, Set.of("\\Seen"));
            case 1 -> store.folders().move(id, "folder" + random.nextInt(3));
            default -> {
                filed.remove(id);
                store.folders().delete(id);
            }
        }
    }
}
