package io.spooler.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spooler.Recipient;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TransportProvider} that carries recipients must do. The test of a transport implements this
 * interface, with a fresh transport per test; the tests of the contract come with it.
 */
public interface TransportContract {

    /** How long a test waits for an answer that must come. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * The transport under test, started, with a remote system that takes everything.
     *
     * @return the same object in one test
     */
    TransportProvider transport();

    /** Stops the transport as its component's deactivation does. */
    void deactivate();

    /**
     * A recipient that the transport carries.
     *
     * @param number different recipients for different numbers
     * @return the recipient
     */
    Recipient recipient(int number);

    /**
     * Makes the remote system fall silent: it takes connections and never answers.
     *
     * @return false if the transport has no remote system
     */
    default boolean silence() {
        return false;
    }

    /**
     * Makes the remote system unreachable.
     *
     * @return false if the transport has no remote system
     */
    default boolean unplug() {
        return false;
    }

    /** One recipient, one positive outcome. */
    @Test
    default void carriesAMessage() throws Exception {
        assertThat(await(transport().deliver(consignment(1)))).hasSize(1).allMatch(TransportContract::isPositive);
    }

    /** Outcomes stand in the order of the recipients, one for each. */
    @Test
    default void answersEveryRecipient() throws Exception {
        assertThat(await(transport().deliver(consignment(7)))).hasSize(7).allMatch(TransportContract::isPositive);
    }

    /** Many consignments at once are all answered. */
    @Test
    default void answersEveryConsignment() throws Exception {
        List<CompletionStage<List<Outcome>>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(transport().deliver(consignment(2)));
        }
        for (CompletionStage<List<Outcome>> one : all) {
            assertThat(await(one)).hasSize(2).allMatch(TransportContract::isPositive);
        }
    }

    /** A lane is a pure function of the address. */
    @Test
    default void namesLanesConsistently() {
        String lane = transport().lane(recipient(1).address());
        assertThat(transport().lane(recipient(1).address())).isEqualTo(lane);
    }

    /** A consignment that is cancelled beforehand is not carried, but answered. */
    @Test
    default void answersWhatIsCancelledAlready() throws Exception {
        TestConsignment consignment = consignment(2);
        consignment.cancel();
        assertThat(await(transport().deliver(consignment))).hasSize(2).noneMatch(Outcome.Failed.class::isInstance);
    }

    /** Cancelling ends an attempt that hangs. */
    @Test
    default void honoursCancel() throws Exception {
        assumeTrue(silence(), "no remote system");
        TestConsignment consignment = consignment(2);
        CompletionStage<List<Outcome>> answer = transport().deliver(consignment);
        consignment.cancel();
        assertThat(await(answer)).hasSize(2).allMatch(TransportContract::isOpen);
    }

    /** A remote system that hangs does not keep a consignment beyond its deadline. */
    @Test
    default void answersBeforeTheDeadline() throws Exception {
        assumeTrue(silence(), "no remote system");
        TestConsignment consignment = consignment(2).within(Duration.ofSeconds(3));
        CompletableFuture<Instant> answered = new CompletableFuture<>();
        CompletionStage<List<Outcome>> answer = transport().deliver(consignment);
        answer.whenComplete((outcomes, error) -> answered.complete(Instant.now()));
        assertThat(await(answer)).hasSize(2).allMatch(TransportContract::isOpen);
        assertThat(await(answered)).isBefore(consignment.deadline());
    }

    /** An unreachable remote system is a temporary matter, shown by the status. */
    @Test
    default void defersWhileUnplugged() throws Exception {
        assumeTrue(unplug(), "no remote system");
        assertThat(await(transport().deliver(consignment(2)))).hasSize(2).allMatch(Outcome.Deferred.class::isInstance);
        assertThat(transport().status().condition()).isEqualTo(TransportStatus.Condition.OFFLINE);
        assertThat(await(transport().validate()).condition()).isEqualTo(TransportStatus.Condition.OFFLINE);
    }

    /** Validation finds a system that works. */
    @Test
    default void validates() throws Exception {
        assertThat(await(transport().validate()).condition()).isEqualTo(TransportStatus.Condition.AVAILABLE);
    }

    /** Stopping answers what is under way, and takes nothing more; later calls are answered, not thrown out. */
    @Test
    default void answersWhenItStops() throws Exception {
        silence();
        List<CompletionStage<List<Outcome>>> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(transport().deliver(consignment(1)));
        }
        deactivate();
        for (CompletionStage<List<Outcome>> one : all) {
            assertThat(await(one)).hasSize(1);
        }
        assertThat(await(transport().deliver(consignment(2)))).hasSize(2).allMatch(TransportContract::isOpen);
    }

    /** Stopping leaves no thread behind. */
    @Test
    default void leavesNothingRunning() throws Exception {
        await(transport().deliver(consignment(1)));
        deactivate();
        for (Thread thread : spoolerThreads()) {
            thread.join(PATIENCE.toMillis());
        }
        assertThat(spoolerThreads()).isEmpty();
    }

    private static Set<Thread> spoolerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("spooler-"))
                .collect(Collectors.toSet());
    }

    private TestConsignment consignment(int recipients) {
        TestConsignment consignment = TestConsignment.of("Subject: contract\r\n\r\nText.\r\n");
        IntStream.range(0, recipients).mapToObj(this::recipient).forEach(consignment::to);
        return consignment;
    }

    private static <T> T await(CompletionStage<T> answer) throws Exception {
        return answer.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static boolean isPositive(Outcome outcome) {
        return outcome instanceof Outcome.Delivered || outcome instanceof Outcome.Relayed;
    }

    private static boolean isOpen(Outcome outcome) {
        return outcome instanceof Outcome.Deferred || outcome instanceof Outcome.NotMine;
    }
}
