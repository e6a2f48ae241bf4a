package io.spooler.core.receive;

import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.transport.Inlet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The inlet of one transport, from begin-inbound to end-inbound (R51). Any thread; its state belongs to the loop. */
final class Door implements Inlet {

    private final Doors doors;
    private final String name;
    private final Turns.Place place;
    private boolean closed;

    Door(Doors doors, String name, Turns.Place place) {
        this.doors = doors;
        this.name = name;
        this.place = place;
    }

    /** One that waits for its turn. */
    private final class Request implements Runnable {

        private final Arrival arrival;
        private final CompletableFuture<Reception> turn = new CompletableFuture<>();

        private Request(Arrival arrival) {
            this.arrival = arrival;
        }

        @Override
        public void run() {
            try {
                turn.complete(doors.begin(arrival, place));
            } catch (SpoolException | RuntimeException e) {
                doors.turns().ended(place);
                turn.completeExceptionally(e);
            }
        }
    }

    @Override
    public CompletionStage<Reception> ask(Arrival arrival) {
        return ask(new Request(arrival));
    }

    private CompletableFuture<Reception> ask(Request request) {
        return doors.loop().follow(() -> enter(request));
    }

    private CompletableFuture<Reception> enter(Request request) {
        if (closed) {
            return CompletableFuture.failedFuture(closed());
        }
        if (!doors.turns().ask(place, request)) {
            return CompletableFuture.failedFuture(
                    new SpoolException(Reason.NOT_NOW, "too many messages of " + name + " wait to be taken in"));
        }
        return request.turn;
    }

    private SpoolException closed() {
        return new SpoolException(Reason.NOT_NOW, "nothing is taken in from " + name + " at present");
    }

    @Override
    public Reception receive(Arrival arrival) throws SpoolException {
        Request request = new Request(arrival);
        try {
            return ask(request).get(doors.settings().timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SpoolException refused
                    ? refused
                    : new SpoolException(Reason.NOT_NOW, "not taken in: " + e.getCause(), e);
        } catch (TimeoutException | InterruptedException e) {
            doors.loop().execute(() -> withdraw(request));
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new SpoolException(Reason.NOT_NOW, "the turn of " + name + " has not come", e);
        }
    }

    /** Nobody waits for it any more; its turn may have come meanwhile. */
    private void withdraw(Request request) {
        if (!doors.turns().withdraw(place, request)) {
            CompletionStage<Reception> come = request.turn;
            come.thenAccept(Reception::close);
        }
    }

    @Override
    public void ready(String transport, SpoolId message) {
        doors.announced(transport, message);
    }

    @Override
    public Origins origins() throws SpoolException {
        return doors.origins();
    }

    /** More or fewer at a time; on the loop. */
    void limit(int limit) {
        doors.turns().limit(place, limit);
    }

    /** End-inbound: what waits is refused, what is coming in may end. On the loop. */
    void close() {
        closed = true;
        doors.turns().empty(place).forEach(request -> ((Request) request).turn.completeExceptionally(closed()));
    }
}
