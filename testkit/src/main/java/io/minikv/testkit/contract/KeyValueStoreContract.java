package io.minikv.testkit.contract;

/**
 * What every {@link io.minikv.domain.KeyValueStore} keeps, sentence by sentence, as tests. An
 * implementation proves itself by a test class that extends this one and opens its stores in {@link
 * #openStore}. What a store does not promise by its {@link
 * io.minikv.domain.KeyValueStore#capabilities()} is skipped, with the reason.
 *
 * <p>Random tests print their seed; run them again with {@code -Dminikv.test.seed=...}. The system
 * property {@code minikv.test.scale} multiplies their rounds.
 */
public abstract class KeyValueStoreContract extends OpenedStore
    implements ReadContract,
        WriteContract,
        ConditionContract,
        BatchContract,
        ScanContract,
        CursorContract,
        ExpiryContract,
        ReaderContract,
        WriterContract,
        AsyncContract,
        ConcurrencyContract,
        InterruptContract,
        CapabilityContract,
        PersistenceContract,
        ModelContract,
        CloseContract {}
