// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of a ledger add up to.
 *
 * <p>Questions, and a {@link LedgerEntry.Moved move} or {@link LedgerEntry.Proved proof}, may come
 * from any thread; all else from one at a time. Moves commute where two may be on their way at
 * once, so that memory and a later reading of the ledger agree: a first session that is noted while
 * its device is being suspended or revoked changes no more than where a resumption leads.
 */
final class KnownDevices {

  private final Map<DeviceId, Registration> devices = new ConcurrentHashMap<>();

  /** Whose each thing is that is issued once: keys, certificate serials, secrets. */
  private final Map<Object, DeviceId> issued = new ConcurrentHashMap<>();

  /** Suspended devices that have come before. */
  private final Set<DeviceId> cameBefore = ConcurrentHashMap.newKeySet();

  /** Devices that ended and whose registration is lost: their ids stay taken. */
  private final Set<DeviceId> ended = new HashSet<>();

  private final Map<DeviceId, Invitation> invitations = new ConcurrentHashMap<>();

  /** The latest of each device. */
  private final Map<DeviceId, Enrolment> enrolments = new ConcurrentHashMap<>();

  private volatile Optional<String> ledgerId = Optional.empty();
  private final AtomicInteger epoch = new AtomicInteger(1);
  private volatile Optional<String> savedConnections = Optional.empty();

  Optional<Registration> find(DeviceId device) {
    return Optional.ofNullable(devices.get(device));
  }

  Collection<Registration> all() {
    return List.copyOf(devices.values());
  }

  Optional<Invitation> invitation(DeviceId device) {
    return Optional.ofNullable(invitations.get(device));
  }

  Collection<Invitation> invitations() {
    return List.copyOf(invitations.values());
  }

  Optional<Enrolment> enrolment(DeviceId device) {
    return Optional.ofNullable(enrolments.get(device));
  }

  /** Empty while the ledger has no beginning. */
  Optional<String> ledgerId() {
    return ledgerId;
  }

  int epoch() {
    return epoch.get();
  }

  /** What the connections are saved under that may still be given back. */
  Optional<String> savedConnections() {
    return savedConnections;
  }

  /** Refuses an id that is or was taken. */
  void requireNew(DeviceId device) throws WardgateException {
    if (devices.containsKey(device) || ended.contains(device)) {
      throw new WardgateException(Reason.DEVICE_ALREADY_REGISTERED, device.toString());
    }
  }

  /** Refuses what was issued to another device. */
  void requireUnissued(DeviceId device, IssuedCredential credential) throws WardgateException {
    for (Object unique : uniquesOf(credential)) {
      if (!issued.getOrDefault(unique, device).equals(device)) {
        throw new WardgateException(reasonFor(unique), device + ": " + unique);
      }
    }
  }

  /** Refuses a device that is out of service; one that is not known yet is not. */
  void requireNotOut(DeviceId device) throws WardgateException {
    Optional<Reason> out =
        ended.contains(device)
            ? Optional.of(Reason.DEVICE_REVOKED)
            : find(device).flatMap(known -> known.state().refusal());
    if (out.isPresent()) {
      throw new WardgateException(out.get(), device.toString());
    }
  }

  boolean isOf(DeviceId device, KeyFingerprint key) {
    return device.equals(issued.get(key));
  }

  boolean isIssued(KeyFingerprint key) {
    return issued.containsKey(key);
  }

  /** Refuses a key that was issued before, also to the same device. */
  void requireNewKey(DeviceId device, KeyFingerprint key) throws WardgateException {
    if (issued.containsKey(key)) {
      throw new WardgateException(Reason.KEY_ALREADY_ISSUED, device + ": " + key);
    }
  }

  /** Refuses the number of a certificate that was issued before, to whom ever. */
  void requireNewSerial(DeviceId device, IssuedCredential credential) throws WardgateException {
    if (credential instanceof IssuedCertificate certificate
        && issued.containsKey(certificate.serial())) {
      throw new WardgateException(
          Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED, device + ": " + certificate.serial());
    }
  }

  /** Refuses a change the device's state does not allow. */
  void requireMove(EntryKind move, DeviceId device) throws WardgateException {
    Registration known =
        find(device)
            .orElseThrow(
                () -> new WardgateException(Reason.DEVICE_NOT_REGISTERED, device.toString()));
    if (!known.state().mayBecome(after(move, device))) {
      throw new WardgateException(
          Reason.DEVICE_STATE_FINAL, device + " is " + known.state().code());
    }
  }

  void apply(LedgerEntry entry) {
    if (entry instanceof LedgerEntry.Genesis genesis) {
      ledgerId = Optional.of(genesis.ledgerId());
    } else if (entry instanceof LedgerEntry.Certified certified) {
      uniquesOf(certified.credential())
          .forEach(unique -> issued.putIfAbsent(unique, certified.device()));
    } else if (entry instanceof LedgerEntry.Registered registered) {
      add(registered.registration());
    } else if (entry instanceof LedgerEntry.Moved moved) {
      move(moved);
    } else if (entry instanceof LedgerEntry.Restored) {
      epoch.incrementAndGet();
      savedConnections = Optional.empty();
    } else if (entry instanceof LedgerEntry.ConnectionsSaved saved) {
      savedConnections = Optional.of(saved.id());
    } else if (entry instanceof LedgerEntry.ConnectionsTaken) {
      savedConnections = Optional.empty();
    } else if (entry instanceof LedgerEntry.Invited invited) {
      invitations.put(invited.invitation().device(), invited.invitation());
    } else if (entry instanceof LedgerEntry.Uninvited uninvited) {
      invitations.remove(uninvited.device());
    } else if (entry instanceof LedgerEntry.Enrolled enrolled) {
      enrol(enrolled.enrolment());
    } else if (entry instanceof LedgerEntry.Proved proved) {
      prove(proved.device(), proved.key());
    }
  }

  private void enrol(Enrolment enrolment) {
    DeviceId device = enrolment.device();
    invitations.remove(device);
    enrolments.put(device, enrolment);
    issued.putIfAbsent(enrolment.by(), device);
    uniquesOf(enrolment.credential()).forEach(unique -> issued.putIfAbsent(unique, device));
    devices.merge(
        device,
        new Registration(device, enrolment.role(), enrolment.since()).with(enrolment.credential()),
        (known, fresh) -> known.having(enrolment.credential(), enrolment.by()));
  }

  /** Commutes with moves, and with the next enrolment. */
  private void prove(DeviceId device, KeyFingerprint key) {
    devices.computeIfPresent(device, (id, known) -> known.from(key));
    enrolments.computeIfPresent(
        device, (id, latest) -> latest.credential().key().equals(key) ? latest.proved() : latest);
  }

  private void add(Registration registration) {
    devices.putIfAbsent(registration.device(), registration);
    for (IssuedCredential credential : registration.credentials()) {
      for (Object unique : uniquesOf(credential)) {
        DeviceId owner = issued.getOrDefault(unique, registration.device());
        // Anew: a map keeps its first key, and a hundred thousand would be in memory twice.
        issued.remove(unique);
        issued.put(unique, owner.equals(registration.device()) ? registration.device() : owner);
      }
    }
  }

  private void move(LedgerEntry.Moved moved) {
    DeviceId device = moved.device();
    @Nullable Registration known =
        devices.computeIfPresent(device, (id, before) -> moved(before, moved.kind()));
    if (known == null && (moved.kind() == EntryKind.REVOKED || moved.kind() == EntryKind.RETIRED)) {
      ended.add(device);
    }
  }

  /** Runs once for each move, alone for its device. */
  private Registration moved(Registration before, EntryKind move) {
    if (move == EntryKind.ACTIVATED && before.state() == DeviceState.SUSPENDED) {
      cameBefore.add(before.device());
      return before;
    }
    DeviceState next = after(move, before.device());
    if (!before.state().mayBecome(next)) {
      return before;
    }
    if (next == DeviceState.SUSPENDED && before.state() == DeviceState.ACTIVE) {
      cameBefore.add(before.device());
    } else {
      cameBefore.remove(before.device());
    }
    return before.in(next);
  }

  private DeviceState after(EntryKind move, DeviceId device) {
    return switch (move) {
      case ACTIVATED -> DeviceState.ACTIVE;
      case SUSPENDED -> DeviceState.SUSPENDED;
      case RESUMED -> cameBefore.contains(device) ? DeviceState.ACTIVE : DeviceState.ISSUED;
      case REVOKED -> DeviceState.REVOKED;
      case RETIRED -> DeviceState.RETIRED;
      default -> throw new IllegalArgumentException("not a move");
    };
  }

  private static List<Object> uniquesOf(IssuedCredential credential) {
    if (credential instanceof IssuedCertificate certificate) {
      return List.of(certificate.key(), certificate.serial());
    }
    if (credential instanceof IssuedPreSharedKey shared) {
      return List.of(shared.key(), shared.secret());
    }
    return List.of(credential.key());
  }

  private static Reason reasonFor(Object unique) {
    if (unique instanceof CertificateSerial) {
      return Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED;
    }
    return unique instanceof SecretFingerprint
        ? Reason.PRE_SHARED_KEY_ALREADY_ISSUED
        : Reason.KEY_ALREADY_ISSUED;
  }
}
