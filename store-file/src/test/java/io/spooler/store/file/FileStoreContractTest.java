package io.spooler.store.file;

import io.spooler.testkit.MessageStoreContract;
import io.spooler.testkit.StoreKit;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The file store keeps the contract. */
class FileStoreContractTest implements MessageStoreContract {

    @TempDir
    Path directory;

    private final StoreKit kit =
            StoreKit.durable(clock -> TestStores.open(directory, clock), store -> TestStores.close(store));

    @Override
    public StoreKit kit() {
        return kit;
    }
}
