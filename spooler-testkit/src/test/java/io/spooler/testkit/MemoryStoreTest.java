package io.spooler.testkit;

/** The reference store keeps the contract. */
class MemoryStoreTest implements MessageStoreContract {

    private final StoreKit kit = StoreKit.of(MemoryStore::new);

    @Override
    public StoreKit kit() {
        return kit;
    }
}
