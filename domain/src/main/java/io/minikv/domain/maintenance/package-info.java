/**
 * Running a store: the ports for maintenance of an open one and for offline work on the files of a
 * closed one, and the reports that they give.
 *
 * <p>Front doors: {@link io.minikv.domain.maintenance.StoreMaintenance} and {@link
 * io.minikv.domain.maintenance.StoreTools}. An adapter that only reads and writes data needs
 * neither.
 */
@NullMarked
package io.minikv.domain.maintenance;

import org.jspecify.annotations.NullMarked;
