package io.minikv.testkit.contract;

import io.minikv.domain.Capability;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.testkit.MutableClock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Opens a store of its own for each test and closes it afterwards. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class OpenedStore implements StoreUnderTest {

  /** Small enough to be exceeded by a test. */
  static final StoreLimits LIMITS = new StoreLimits(1 << 20, 1_000, 2 << 20);

  private MutableClock clock;
  private KeyValueStore store;

  /**
   * Opens a new, empty store.
   *
   * @param clock tells it the time
   * @param limits what it is to accept
   */
  protected abstract KeyValueStore openStore(MutableClock clock, StoreLimits limits);

  /**
   * Opens the store that {@link #openStore} opened last, and that was closed since, with all that
   * it holds. Must be overridden for stores with {@link Capability#PERSISTENCE}, and is called for
   * no other.
   */
  protected KeyValueStore reopenStore(MutableClock clock, StoreLimits limits) {
    throw new UnsupportedOperationException(
        "A store with the capability PERSISTENCE must be reopened here: override reopenStore.");
  }

  @BeforeEach
  final void openNewStore() {
    clock = new MutableClock();
    store = openStore(clock, LIMITS);
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  @Override
  public final KeyValueStore store() {
    return store;
  }

  @Override
  public final MutableClock clock() {
    return clock;
  }

  @Override
  public final void reopen() {
    store.close();
    store = reopenStore(clock, LIMITS);
  }
}
