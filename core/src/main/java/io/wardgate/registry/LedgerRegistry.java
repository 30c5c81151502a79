// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.journal.Journal;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@link DeviceRegistry} of a gateway: what the entries of a hash-chained, encrypted ledger add
 * up to.
 *
 * <p>The ledger remembers every credential that was ever given out, also those of devices that are
 * gone, and gives none out twice; also which saved connections were given back. If it is not what
 * was written (damaged, rolled back, a copy), it no longer knows that: then {@link #register} and
 * {@link #certified} refuse until an operator {@link #accept accepts} the loss, while devices are
 * served and can be taken out of service as before. Thread-safe; one process at a time has a ledger
 * open. Supports EN 303 645 5.1-1, 5.4-1 and 5.4-4.
 */
public final class LedgerRegistry implements DeviceRegistry, AutoCloseable {

  /**
   * In the state directory: where version 0.1 kept its devices, for {@link #create} to take over.
   */
  public static final String OLD_FILE = "devices";

  /** {@link #ledgerId} while the ledger's first entry is lost. */
  public static final String NO_ID = "0".repeat(2 * LedgerFormat.LEDGER_ID_BYTES);

  /** How many entries may be on their way to the disk while an old file is taken over. */
  private static final int IMPORT_AT_ONCE = 256;

  private static final int PRIORITY = 0;

  /** First sessions leave room in the queue for what an operator orders. */
  private static final int LATER = 3;

  private final LedgerPlace place;
  private final Journal journal;
  private final KnownDevices devices;
  private final Batches batches;

  /** What became of devices when they came, and is on its way to the disk. */
  private final Set<LedgerEntry> noting = ConcurrentHashMap.newKeySet();

  private LedgerRegistry(
      LedgerPlace place, Journal journal, KnownDevices devices, Batches batches) {
    this.batches = batches;
    this.place = place;
    this.journal = journal;
    this.devices = devices;
  }

  /**
   * Begins a new ledger, and takes over the devices in {@link #OLD_FILE} if that is there. Of two
   * that were given one key the later one is suspended, as cloned: the ledger knows none twice.
   *
   * @param stateDirectory is there, mode 0700
   * @throws WardgateException {@link Reason#STATE_DAMAGED} if the old file is not whole; then
   *     nothing was made. {@link Reason#STATE_UNAVAILABLE} if the ledger could not be written
   * @throws IllegalStateException if a ledger is there
   */
  public static LedgerRegistry create(
      Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random)
      throws WardgateException {
    return create(new LedgerPlace(stateDirectory, keys, clock, random));
  }

  static LedgerRegistry create(LedgerPlace place) throws WardgateException {
    if (Files.exists(place.directory()) || Files.exists(place.head())) {
      throw new IllegalStateException("a ledger is there already");
    }
    List<LedgerEntry> old = OldRegistryFile.entries(place.stateDirectory().resolve(OLD_FILE));
    LedgerRegistry ledger =
        new LedgerRegistry(
            place, Journal.create(place.journal()), new KnownDevices(), new Batches());
    boolean begun = false;
    try {
      ledger.begin();
      ledger.takeOver(old);
      begun = true;
      return ledger;
    } finally {
      if (!begun) {
        ledger.close();
      }
    }
  }

  /**
   * Opens the ledger that was {@link #create created} there. One that is gone or empty was taken
   * away and is reported as rolled back: it is never taken for a new one.
   *
   * @throws WardgateException {@link Reason#STATE_NEWER} if a later version wrote in it, {@link
   *     Reason#STATE_UNAVAILABLE} if it cannot be read; what is damaged or missing in it is told by
   *     {@link #report}
   */
  public static LedgerRegistry open(
      Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random)
      throws WardgateException {
    return open(new LedgerPlace(stateDirectory, keys, clock, random));
  }

  static LedgerRegistry open(LedgerPlace place) throws WardgateException {
    KnownDevices devices = new KnownDevices();
    Batches batches = new Batches();
    Journal journal =
        LedgerReader.read(
            reader -> Journal.open(place.journal(), reader),
            (record, entry) -> {
              devices.apply(entry);
              batches.apply(entry);
            });
    return new LedgerRegistry(place, journal, devices, batches);
  }

  /**
   * Reads a ledger whole without changing anything, also while another process appends to it.
   *
   * @throws WardgateException as for {@link #open}
   */
  public static StateReport verify(
      Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random)
      throws WardgateException {
    return LedgerReader.verify(
        new LedgerPlace(stateDirectory, keys, clock, random), (record, entry) -> {});
  }

  /**
   * The same, and writes each entry as a line of JSON: its place, time and hash, and what it says.
   * No secret stands in it.
   *
   * @throws WardgateException as for {@link #open}
   * @throws IOException if {@code out} cannot take it
   */
  public static StateReport export(
      Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random, Appendable out)
      throws WardgateException, IOException {
    try {
      return LedgerReader.verify(
          new LedgerPlace(stateDirectory, keys, clock, random),
          (record, entry) -> LedgerLine.write(out, record, entry));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public Optional<Registration> find(DeviceId device) {
    return devices.find(device);
  }

  @Override
  public Collection<Registration> all() {
    return devices.all();
  }

  @Override
  public synchronized void register(Registration registration) throws WardgateException {
    if (registration.state() != DeviceState.ISSUED) {
      throw new IllegalArgumentException("a device is registered as issued");
    }
    requireOpenForIssuing();
    batches.requireRoom();
    devices.requireNew(registration.device());
    for (IssuedCredential credential : registration.credentials()) {
      devices.requireUnissued(registration.device(), credential);
    }
    append(new LedgerEntry.Registered(registration));
  }

  /**
   * Writes down that a credential was made for a device, before it is handed out: from then on no
   * other device gets it, also if nobody ever confirms it. Until the device is registered it may be
   * given another one, or its key another certificate.
   *
   * @throws WardgateException as for {@link #register}; a certificate's serial number is refused
   *     also if it was this device's own
   */
  public synchronized void certified(DeviceId device, IssuedCredential credential)
      throws WardgateException {
    requireOpenForIssuing();
    batches.requireRoom();
    devices.requireNew(device);
    devices.requireUnissued(device, credential);
    devices.requireNewSerial(device, credential);
    append(new LedgerEntry.Certified(device, credential));
  }

  /**
   * Opens a batch: what is issued from now on is of it, until it is closed or has as many devices
   * as it may have.
   *
   * @throws WardgateException {@link Reason#BATCH_KNOWN} if one of that id was opened before,
   *     {@link Reason#BATCH_OPEN} if another is open, or why nothing is issued at all now
   */
  public synchronized void openBatch(Batch batch) throws WardgateException {
    requireOpenForIssuing();
    batches.requireNew(batch);
    append(new LedgerEntry.BatchOpened(batch));
  }

  /**
   * Closes the open batch, for good.
   *
   * @throws WardgateException {@link Reason#BATCH_NOT_OPEN} if it is not that one, or {@link
   *     Reason#STATE_UNAVAILABLE}
   */
  public synchronized void closeBatch(String id) throws WardgateException {
    batches.requireOpen(id);
    append(new LedgerEntry.BatchClosed(id));
  }

  /** The batch that is open, if one is. */
  public Optional<Batch> openBatch() {
    return batches.open();
  }

  /** What is known of a batch, open or closed; empty if there was none of that id. */
  public Optional<BatchRecord> batch(String id) {
    return batches.find(id);
  }

  @Override
  public void activate(DeviceId device) {
    if (find(device).filter(known -> known.state() == DeviceState.ISSUED).isPresent()) {
      note(new LedgerEntry.Moved(EntryKind.ACTIVATED, device, Optional.empty()));
    }
  }

  @Override
  public void came(DeviceId device, KeyFingerprint key) {
    activate(device);
    boolean isNew =
        devices.enrolment(device).filter(latest -> !latest.isProved()).isPresent()
            && devices.enrolment(device).orElseThrow().credential().key().equals(key);
    if (isNew) {
      note(new LedgerEntry.Proved(device, key));
    }
  }

  /** Without the lock, which is held by whoever waits for the disk. KnownDevices copes. */
  private void note(LedgerEntry entry) {
    if (noting.add(entry)) {
      write(LATER, entry)
          .whenComplete(
              (sequence, failure) -> {
                if (failure == null) {
                  devices.apply(entry);
                }
                noting.remove(entry);
              });
    }
  }

  /**
   * Expects a device to be enrolled, in place of any earlier invitation of it. A device that is
   * enrolled already may be invited again: it then gets one more certificate, and what it has holds
   * until it comes with that.
   *
   * @throws WardgateException {@link Reason#DEVICE_SUSPENDED}, {@link Reason#DEVICE_REVOKED} or
   *     {@link Reason#DEVICE_RETIRED} if it is out of service, or why nothing is issued now
   */
  public synchronized void invite(Invitation invitation) throws WardgateException {
    requireOpenForIssuing();
    devices.requireNotOut(invitation.device());
    append(new LedgerEntry.Invited(invitation));
  }

  /**
   * Expects a device no more.
   *
   * @return whether it was expected
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if that cannot be written down
   */
  public synchronized boolean uninvite(DeviceId device) throws WardgateException {
    boolean wasInvited = devices.invitation(device).isPresent();
    if (wasInvited) {
      append(new LedgerEntry.Uninvited(device));
    }
    return wasInvited;
  }

  /** The invitation of a device, if it is expected; it may be too late for it. */
  public Optional<Invitation> invitation(DeviceId device) {
    return devices.invitation(device);
  }

  /** The latest certificate a device was given at its own request. */
  public Optional<Enrolment> enrolment(DeviceId device) {
    return devices.enrolment(device);
  }

  /** Whether that key was ever given to a device, or proved by one when it was enrolled. */
  public boolean isIssued(KeyFingerprint key) {
    return devices.isIssued(key);
  }

  /** Whether that key was ever given to that device, or proved by it when it was enrolled. */
  public boolean isOf(DeviceId device, KeyFingerprint key) {
    return devices.isOf(device, key);
  }

  /**
   * Whether a manufacturer's certificate of that key may ask for that device: nothing is known of
   * the device, or it was enrolled with that key before, or it is known otherwise and expected.
   * Another certificate of a known name is a clone's, and must not come as far as what the device
   * has a share of. From memory.
   */
  public boolean mayAsk(DeviceId device, KeyFingerprint key) {
    return devices.isOf(device, key)
        || (devices.enrolment(device).isEmpty()
            && (devices.find(device).isEmpty() || devices.invitation(device).isPresent()));
  }

  /**
   * Writes down that a device is given a certificate at its own request, before it is handed out:
   * it is registered from then on, and its invitation is used up.
   *
   * @throws WardgateException {@link Reason#KEY_ALREADY_ISSUED} if the certificate's key, or {@link
   *     Reason#CERTIFICATE_SERIAL_ALREADY_ISSUED} if its number was ever issued, also to the same
   *     device; {@code KEY_ALREADY_ISSUED} too if the key it proved is another device's; and as for
   *     {@link #invite}
   */
  public synchronized void enrolled(Enrolment enrolment) throws WardgateException {
    DeviceId device = enrolment.device();
    requireOpenForIssuing();
    devices.requireNotOut(device);
    devices.requireUnissued(device, new IssuedKey(enrolment.by()));
    devices.requireNewKey(device, enrolment.credential().key());
    devices.requireNewSerial(device, enrolment.credential());
    append(new LedgerEntry.Enrolled(enrolment));
  }

  @Override
  public void suspend(DeviceId device, Cause cause) throws WardgateException {
    move(EntryKind.SUSPENDED, device, Optional.of(cause));
  }

  @Override
  public void resume(DeviceId device) throws WardgateException {
    move(EntryKind.RESUMED, device, Optional.empty());
  }

  @Override
  public void revoke(DeviceId device, Cause cause) throws WardgateException {
    move(EntryKind.REVOKED, device, Optional.of(cause));
  }

  @Override
  public void retire(DeviceId device, Cause cause) throws WardgateException {
    move(EntryKind.RETIRED, device, Optional.of(cause));
  }

  /** What was found at opening, less what was accepted since. */
  public StateReport report() {
    return LedgerReader.reported(journal.report(), devices);
  }

  /** Why nothing is issued now, or empty if it is. */
  public Optional<Reason> closedForIssuing() {
    Optional<Reason> unsound = report().standing().reason();
    boolean isFull = journal.stats().bytes() >= place.issuingEndsAt();
    return unsound.isPresent() || !isFull ? unsound : Optional.of(Reason.STATE_FULL);
  }

  /**
   * Takes the ledger as it is, because an operator decided so: what is lost stays lost and is
   * written down as such, a copy is the original from now on, and issuing goes on.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if that cannot be written down
   */
  public synchronized void accept() throws WardgateException {
    // First: whether they were given back is what the lost entries may have said.
    withdrawConnections();
    if (batches.open().isPresent()) {
      // How many were issued is what they may have said too.
      closeBatch(batches.open().orElseThrow().id());
    }
    do {
      await(journal.accept());
    } while (!journal.report().losses().isEmpty());
    if (devices.ledgerId().isEmpty()) {
      begin();
    }
  }

  /**
   * Notes that this ledger was put back from a backup. What happened after the backup is not in it;
   * a new {@link #epoch} says so to whoever compares.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if that cannot be written down
   */
  public synchronized void restored() throws WardgateException {
    StateReport report = report();
    append(new LedgerEntry.Restored(report.head(), report.headHash()));
  }

  /**
   * Writes down that connections are saved, and under what: 32 random hexadecimal digits. Whatever
   * was saved before may not be given back from then on.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if that cannot be written down, or
   *     why the ledger is not sound
   */
  public synchronized String connectionsSaved() throws WardgateException {
    requireSound();
    byte[] random = new byte[LedgerFormat.CONNECTIONS_ID_BYTES];
    place.random().nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    append(new LedgerEntry.ConnectionsSaved(id));
    return id;
  }

  /**
   * Under what the connections were saved that may be given back, once: they are written down as
   * taken when this returns. Empty if there are none.
   *
   * @throws WardgateException as for {@link #connectionsSaved}
   */
  public synchronized Optional<String> connectionsTaken() throws WardgateException {
    requireSound();
    Optional<String> saved = devices.savedConnections();
    withdrawConnections();
    return saved;
  }

  /** 1, and one more for each time the ledger was put back. */
  public int epoch() {
    return devices.epoch();
  }

  /** Which ledger this is, 32 random hexadecimal digits; {@link #NO_ID} if that is lost. */
  public String ledgerId() {
    return devices.ledgerId().orElse(NO_ID);
  }

  /** Ends writing; {@link #find} and {@link #all} answer as before. */
  @Override
  public void close() {
    journal.close();
  }

  private void begin() throws WardgateException {
    byte[] id = new byte[LedgerFormat.LEDGER_ID_BYTES];
    place.random().nextBytes(id);
    append(new LedgerEntry.Genesis(HexFormat.of().formatHex(id)));
  }

  /** Known before it is durable: nobody has this ledger yet. */
  private void takeOver(List<LedgerEntry> old) throws WardgateException {
    List<CompletionStage<Long>> underWay = new ArrayList<>();
    for (LedgerEntry entry : old) {
      devices.apply(entry);
      underWay.add(write(PRIORITY, entry));
      if (underWay.size() == IMPORT_AT_ONCE) {
        awaitAll(underWay);
      }
    }
    awaitAll(underWay);
  }

  private synchronized void move(EntryKind kind, DeviceId device, Optional<Cause> cause)
      throws WardgateException {
    devices.requireMove(kind, device);
    append(new LedgerEntry.Moved(kind, device, cause));
  }

  private void withdrawConnections() throws WardgateException {
    if (devices.savedConnections().isPresent()) {
      append(new LedgerEntry.ConnectionsTaken());
    }
  }

  private void requireSound() throws WardgateException {
    Optional<Reason> unsound = report().standing().reason();
    if (unsound.isPresent()) {
      throw new WardgateException(unsound.get(), "the ledger is not what was written");
    }
  }

  private void requireOpenForIssuing() throws WardgateException {
    Optional<Reason> closed = closedForIssuing();
    if (closed.isPresent()) {
      throw new WardgateException(closed.get(), "the ledger is closed for issuing");
    }
  }

  private void append(LedgerEntry entry) throws WardgateException {
    await(write(PRIORITY, entry));
    // Only now: what a restart would not know must not hold here.
    devices.apply(entry);
    batches.apply(entry);
  }

  private CompletionStage<Long> write(int priority, LedgerEntry entry) {
    return journal.append(entry.kind().type(), priority, LedgerFormat.encode(entry));
  }

  private static void awaitAll(List<CompletionStage<Long>> stages) throws WardgateException {
    for (CompletionStage<Long> stage : stages) {
      await(stage);
    }
    stages.clear();
  }

  private static void await(CompletionStage<?> stage) throws WardgateException {
    try {
      stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WardgateException refusal) {
        throw refusal;
      }
      throw new WardgateException(Reason.STATE_UNAVAILABLE, "the ledger could not be written", e);
    }
  }
}
