// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a ledger: what its entries add up to. One is open at a time, and what is issued
 * meanwhile is of that one. Thread-safe.
 */
final class Batches {

  private final Map<String, Made> all = new HashMap<>();
  private @Nullable Made open;

  /** A batch and what was made of it. */
  private static final class Made {
    private final Batch batch;
    private final Set<DeviceId> issued = new LinkedHashSet<>();
    private final Set<DeviceId> unconfirmed = new LinkedHashSet<>();

    Made(Batch batch) {
      this.batch = batch;
    }
  }

  synchronized Optional<BatchRecord> find(String id) {
    return Optional.ofNullable(all.get(id)).map(this::record);
  }

  synchronized Optional<Batch> open() {
    return Optional.ofNullable(open).map(made -> made.batch);
  }

  private BatchRecord record(Made made) {
    return new BatchRecord(
        made.batch,
        made == open,
        Collections.unmodifiableSet(new LinkedHashSet<>(made.issued)),
        Collections.unmodifiableSet(new LinkedHashSet<>(made.unconfirmed)));
  }

  /** Refuses to open one beside another, or one that was there before. */
  synchronized void requireNew(Batch batch) throws WardgateException {
    if (all.containsKey(batch.id())) {
      throw new WardgateException(Reason.BATCH_KNOWN, batch.id());
    }
    if (open != null) {
      throw new WardgateException(Reason.BATCH_OPEN, open.batch.id() + " is open");
    }
  }

  /** Refuses what is not the open one. */
  synchronized void requireOpen(String id) throws WardgateException {
    if (open == null || !open.batch.id().equals(id)) {
      throw new WardgateException(Reason.BATCH_NOT_OPEN, id);
    }
  }

  /** Refuses one device more than the open batch may have. */
  synchronized void requireRoom() throws WardgateException {
    if (open != null && open.issued.size() >= open.batch.count()) {
      throw new WardgateException(
          Reason.BATCH_COUNT_REACHED, open.batch.id() + " has its " + open.batch.count());
    }
  }

  synchronized void apply(LedgerEntry entry) {
    if (entry instanceof LedgerEntry.BatchOpened opened) {
      open = all.computeIfAbsent(opened.batch().id(), id -> new Made(opened.batch()));
    } else if (entry instanceof LedgerEntry.BatchClosed || entry instanceof LedgerEntry.Restored) {
      // Of a backup it is not known what was issued after it.
      open = null;
    } else if (open != null && entry instanceof LedgerEntry.Certified certified) {
      open.unconfirmed.add(certified.device());
    } else if (open != null && entry instanceof LedgerEntry.Registered registered) {
      DeviceId device = registered.registration().device();
      open.unconfirmed.remove(device);
      open.issued.add(device);
    }
  }
}
