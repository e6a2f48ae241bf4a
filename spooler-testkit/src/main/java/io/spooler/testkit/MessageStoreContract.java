package io.spooler.testkit;

import org.junit.jupiter.api.AfterEach;

/**
 * What every {@link io.spooler.store.MessageStore} must do, as tests. The test of a store implements this interface and
 * keeps one kit per test:
 *
 * <pre>{@code
 * class MyStoreTest implements MessageStoreContract {
 *     private final StoreKit kit = StoreKit.durable(clock -> MyStore.open(dir, clock), MyStore::close);
 *
 *     @Override
 *     public StoreKit kit() {
 *         return kit;
 *     }
 * }
 * }</pre>
 *
 * <p>Tests that need the data to survive are skipped for a kit that is not durable.
 */
public interface MessageStoreContract
        extends AcceptContract,
                ClaimContract,
                SettleContract,
                NotesContract,
                CoupledContract,
                FoldersContract,
                OriginsContract {

    /** Ends the store of a test. */
    @AfterEach
    default void closeStore() {
        kit().close();
    }
}
