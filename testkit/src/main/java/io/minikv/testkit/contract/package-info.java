/**
 * The contracts of the ports as tests: every sentence that a user of a store may rely on, for every
 * implementation.
 *
 * <p>Front doors: {@link io.minikv.testkit.contract.KeyValueStoreContract} and {@link
 * io.minikv.testkit.contract.StoreMaintenanceContract}. Extend them and say how to open a store.
 */
@NullMarked
package io.minikv.testkit.contract;

import org.jspecify.annotations.NullMarked;
