// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.StateReport;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A ledger as it was read once, without opening it: also while a gateway appends to it. Immutable.
 */
public final class LedgerView {

  private final StateReport report;
  private final KnownDevices known;
  private final List<Change> history;

  private LedgerView(StateReport report, KnownDevices known, List<Change> history) {
    this.report = report;
    this.known = known;
    this.history = List.copyOf(history);
  }

  /**
   * One thing that happened to a device.
   *
   * @param sequence the entry's place in the ledger
   * @param time when
   * @param entry what, as exports call it: {@code certified}, {@code registered}, {@code
   *     activated}, {@code suspended}, {@code resumed}, {@code revoked}, {@code retired}, {@code
   *     invited}, {@code uninvited}, {@code enrolled} or {@code proved}
   * @param cause why, if somebody took it out of service
   */
  public record Change(long sequence, Instant time, String entry, Optional<Cause> cause) {}

  /**
   * Reads it.
   *
   * @throws WardgateException as {@link LedgerRegistry#verify}
   */
  public static LedgerView of(
      Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random)
      throws WardgateException {
    return of(stateDirectory, keys, clock, random, Optional.empty());
  }

  /**
   * Reads it, with the {@link #history} of one device.
   *
   * @throws WardgateException as {@link LedgerRegistry#verify}
   */
  public static LedgerView of(
      Path stateDirectory,
      StateKeys keys,
      InstantSource clock,
      SecureRandom random,
      DeviceId device)
      throws WardgateException {
    return of(stateDirectory, keys, clock, random, Optional.of(device));
  }

  private static LedgerView of(
      Path stateDirectory,
      StateKeys keys,
      InstantSource clock,
      SecureRandom random,
      Optional<DeviceId> device)
      throws WardgateException {
    KnownDevices known = new KnownDevices();
    List<Change> history = new ArrayList<>();
    StateReport report =
        LedgerReader.verify(
            new LedgerPlace(stateDirectory, keys, clock, random),
            (stored, entry) -> {
              known.apply(entry);
              if (device.isPresent() && device.equals(subject(entry))) {
                history.add(
                    new Change(
                        stored.sequence(), stored.time(), entry.kind().code(), cause(entry)));
              }
            });
    return new LedgerView(report, known, history);
  }

  /** What reading it found. */
  public StateReport report() {
    return report;
  }

  /** Which ledger this is; {@link LedgerRegistry#NO_ID} if that is lost. */
  public String ledgerId() {
    return known.ledgerId().orElse(LedgerRegistry.NO_ID);
  }

  /** 1, and one more for each time the ledger was put back. */
  public int epoch() {
    return known.epoch();
  }

  /** The registration of {@code device}, or empty if it is not known here. */
  public Optional<Registration> find(DeviceId device) {
    return known.find(device);
  }

  /** Every registration, by id. */
  public List<Registration> all() {
    return known.all().stream()
        .sorted(Comparator.comparing(registration -> registration.device().toString()))
        .toList();
  }

  /** Devices that are expected to be enrolled, by id; also those that are late. */
  public List<Invitation> invitations() {
    return known.invitations().stream()
        .sorted(Comparator.comparing(invitation -> invitation.device().toString()))
        .toList();
  }

  /** What happened to the device that was asked for, in order; empty if none was. */
  public List<Change> history() {
    return history;
  }

  private static Optional<DeviceId> subject(LedgerEntry entry) {
    if (entry instanceof LedgerEntry.Certified certified) {
      return Optional.of(certified.device());
    }
    if (entry instanceof LedgerEntry.Registered registered) {
      return Optional.of(registered.registration().device());
    }
    if (entry instanceof LedgerEntry.Invited invited) {
      return Optional.of(invited.invitation().device());
    }
    if (entry instanceof LedgerEntry.Uninvited uninvited) {
      return Optional.of(uninvited.device());
    }
    if (entry instanceof LedgerEntry.Enrolled enrolled) {
      return Optional.of(enrolled.enrolment().device());
    }
    if (entry instanceof LedgerEntry.Proved proved) {
      return Optional.of(proved.device());
    }
    return entry instanceof LedgerEntry.Moved moved
        ? Optional.of(moved.device())
        : Optional.empty();
  }

  private static Optional<Cause> cause(LedgerEntry entry) {
    return entry instanceof LedgerEntry.Moved moved ? moved.cause() : Optional.empty();
  }
}
