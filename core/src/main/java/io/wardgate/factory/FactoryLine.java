// SPDX-License-Identifier: Apache-2.0
package io.wardgate.factory;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.Batch;
import io.wardgate.registry.BatchRecord;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.IssuedCertificate;
import io.wardgate.registry.IssuedCredential;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One station of a production site: gives the devices of an authorised batch a credential each.
 *
 * <p>In this order, so that no credential ever leaves that the ledger does not know: {@link
 * #certify} or {@link #share} write down what was made; the caller puts it on disk; {@link
 * #confirm} registers the device; only then the caller hands it over. A crash in between leaves a
 * device that is not registered, and what was made for it opens nothing; it is made again. One
 * batch is open at a time, and stops at its count and its end. Used by one thread. Supports EN 303
 * 645 5.1-1 and 5.4-4.
 */
public final class FactoryLine {

  private final String station;
  private final LedgerRegistry ledger;
  private final StateKeys keys;
  private final EmbeddedAuthority manufacturer;
  private final Optional<String> hardwareType;
  private final Consumer<SecurityEvent> events;
  private final InstantSource clock;

  /**
   * A station.
   *
   * @param station its name, which authorisations carry
   * @param ledger where it writes down what it issues
   * @param keys what pre-shared keys are recognised by
   * @param manufacturer who certifies
   * @param hardwareType as for {@link EmbeddedAuthority#issueInitial}
   * @param events is told that a batch begins and ends
   */
  public FactoryLine(
      String station,
      LedgerRegistry ledger,
      StateKeys keys,
      EmbeddedAuthority manufacturer,
      Optional<String> hardwareType,
      Consumer<SecurityEvent> events,
      InstantSource clock) {
    this.events = events;
    this.station = station;
    this.ledger = ledger;
    this.keys = keys;
    this.manufacturer = manufacturer;
    this.hardwareType = hardwareType;
    this.clock = clock;
  }

  /**
   * Opens a batch, or goes on with it if the very same authorisation opened it before.
   *
   * @return what was made of it so far
   * @throws WardgateException {@link Reason#BATCH_OTHER_STATION}, {@link Reason#BATCH_NOT_VALID},
   *     or what {@link LedgerRegistry#openBatch} says
   */
  public BatchRecord open(Batch batch) throws WardgateException {
    if (!batch.station().equals(station)) {
      throw new WardgateException(Reason.BATCH_OTHER_STATION, batch.station());
    }
    requireNow(batch);
    Optional<BatchRecord> known = ledger.batch(batch.id());
    if (known.filter(record -> record.open() && record.batch().equals(batch)).isEmpty()) {
      ledger.openBatch(batch);
      tell(SecurityEvent.BATCH_OPENED, batch.id() + ", " + batch.count() + " " + batch.model());
    }
    return ledger.batch(batch.id()).orElseThrow();
  }

  /**
   * Ends a batch, for good, also after its time.
   *
   * @throws WardgateException what {@link LedgerRegistry#closeBatch} says
   */
  public BatchRecord close(String id) throws WardgateException {
    ledger.closeBatch(id);
    BatchRecord record = ledger.batch(id).orElseThrow();
    tell(SecurityEvent.BATCH_CLOSED, id + ", " + record.issued().size() + " issued");
    return record;
  }

  private void tell(String kind, String what) {
    events.accept(SecurityEvent.info(clock.instant(), kind, null, "local, " + what));
  }

  /**
   * The batch of that id, if it is open and may be made now.
   *
   * @throws WardgateException {@link Reason#BATCH_NOT_OPEN} or {@link Reason#BATCH_NOT_VALID}
   */
  public Batch working(String id) throws WardgateException {
    Batch batch =
        ledger
            .openBatch()
            .filter(open -> open.id().equals(id))
            .orElseThrow(() -> new WardgateException(Reason.BATCH_NOT_OPEN, id));
    requireNow(batch);
    return batch;
  }

  /**
   * Makes an IDevID for a device of the open batch, and writes it down.
   *
   * @param key made on the device, or for it
   * @throws WardgateException {@link Reason#BATCH_NOT_OPEN}, {@link Reason#BATCH_NOT_VALID}, {@link
   *     Reason#BATCH_COUNT_REACHED}, {@link Reason#DEVICE_ALREADY_REGISTERED}, {@link
   *     Reason#KEY_ALREADY_ISSUED}, or why nothing is issued at all now
   */
  public X509Certificate certify(DeviceId device, PublicKey key) throws WardgateException {
    requireOpen();
    X509Certificate certificate = manufacturer.issueInitial(device, key, hardwareType);
    ledger.certified(device, IssuedCertificate.of(certificate));
    return certificate;
  }

  /**
   * Writes down a pre-shared key for a device of the open batch.
   *
   * @throws WardgateException as for {@link #certify}, and {@link
   *     Reason#PRE_SHARED_KEY_ALREADY_ISSUED}
   */
  public void share(PreSharedKey key) throws WardgateException {
    requireOpen();
    ledger.certified(key.device(), key.issued(keys));
  }

  /**
   * Registers a device whose certificate is safe on disk: from now on it may be handed over, and
   * counts.
   *
   * @throws WardgateException as for {@link #certify}
   */
  public void confirm(DeviceId device, X509Certificate certificate) throws WardgateException {
    confirm(device, IssuedCertificate.of(certificate));
  }

  /**
   * The same for a pre-shared key.
   *
   * @throws WardgateException as for {@link #share}
   */
  public void confirm(PreSharedKey key) throws WardgateException {
    confirm(key.device(), key.issued(keys));
  }

  private void confirm(DeviceId device, IssuedCredential credential) throws WardgateException {
    Batch batch = requireOpen();
    ledger.register(
        new Registration(
            device, batch.model(), DeviceState.ISSUED, clock.instant(), List.of(credential)));
  }

  /** Whether the device was registered before, in whatever batch. */
  public boolean isIssued(DeviceId device) {
    return ledger.find(device).isPresent();
  }

  /** Whether it was registered with this key, a certificate's or a pre-shared key's identity. */
  public boolean isIssued(DeviceId device, KeyFingerprint key) {
    return ledger.find(device).filter(known -> known.keys().contains(key)).isPresent();
  }

  private Batch requireOpen() throws WardgateException {
    Batch batch =
        ledger
            .openBatch()
            .orElseThrow(() -> new WardgateException(Reason.BATCH_NOT_OPEN, "none is"));
    requireNow(batch);
    return batch;
  }

  private void requireNow(Batch batch) throws WardgateException {
    Instant now = clock.instant();
    if (now.isBefore(batch.from()) || !now.isBefore(batch.until())) {
      throw new WardgateException(
          Reason.BATCH_NOT_VALID, "it is from " + batch.from() + " until " + batch.until());
    }
  }
}
