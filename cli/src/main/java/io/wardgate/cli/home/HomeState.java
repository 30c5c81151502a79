// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.audit.AuditFormat;
import io.wardgate.audit.AuditTrail;
import io.wardgate.identity.Revocations;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.LedgerView;
import io.wardgate.state.Standing;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * A home's ledger, audit trail and revocations, read without its lock and without changing them: a
 * gateway may be at work.
 */
public final class HomeState {

  private final Path directory;
  private final StateKeys keys;
  private final InstantSource clock;
  private final SecureRandom random;

  private HomeState(Path directory, StateKeys keys, InstantSource clock, SecureRandom random) {
    this.directory = directory;
    this.keys = keys;
    this.clock = clock;
    this.random = random;
  }

  /**
   * The state of a home. One that was never opened is opened once, which makes it.
   *
   * @throws WardgateException what is wrong with the unlock secret or the vault
   * @throws IOException if a file cannot be read
   */
  public static HomeState of(
      GatewayHome home, UnlockSource unlock, InstantSource clock, SecureRandom random)
      throws IOException, WardgateException {
    try (UnlockSecret secret = unlock.read(home.directory())) {
      return of(home, secret, clock, random);
    }
  }

  static HomeState of(
      GatewayHome home, UnlockSecret secret, InstantSource clock, SecureRandom random)
      throws IOException, WardgateException {
    Optional<StateKeys> keys = keys(home, secret, random);
    if (keys.isEmpty()) {
      OpenHome.open(home, secret, clock, random).close();
      keys = keys(home, secret, random);
    }
    return with(home, keys.orElseThrow(), clock, random);
  }

  /** The state under keys that are known already. */
  static HomeState with(
      GatewayHome home, StateKeys keys, InstantSource clock, SecureRandom random) {
    return new HomeState(home.state(), keys, clock, random);
  }

  /** The state keys in a home's vault, or empty if it was never opened. */
  static Optional<StateKeys> keys(GatewayHome home, UnlockSecret secret, SecureRandom random)
      throws IOException, WardgateException {
    char[] text = secret.copyOfText();
    try {
      return StateKeys.in(Pkcs12Vault.open(home.vault(), text), random);
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  /** What seals it. */
  StateKeys keys() {
    return keys;
  }

  /** The ledger as of now. */
  public LedgerView ledger() throws WardgateException {
    return LedgerView.of(directory, keys, clock, random);
  }

  /** The same, with what happened to one device. */
  public LedgerView ledger(DeviceId device) throws WardgateException {
    return LedgerView.of(directory, keys, clock, random, device);
  }

  /** Whether the ledger is what was written. */
  public StateReport verifyLedger() throws WardgateException {
    return LedgerRegistry.verify(directory, keys, clock, random);
  }

  /** Writes the ledger out, a line of JSON for each entry that is sound. */
  public StateReport exportLedger(Appendable out) throws IOException, WardgateException {
    return LedgerRegistry.export(directory, keys, clock, random, out);
  }

  /** Whether all revocations that were ever kept are there. */
  public Standing verifyRevocations() throws WardgateException {
    return Revocations.in(directory, keys).standing();
  }

  /** Whether the audit trail is what was written. */
  public StateReport verifyAudit() throws WardgateException {
    return AuditTrail.verify(directory, keys, clock, random);
  }

  /** Writes the audit trail out, a line for each event that is sound. */
  public StateReport exportAudit(AuditFormat format, Appendable out)
      throws IOException, WardgateException {
    return AuditTrail.export(directory, keys, clock, random, format, out);
  }
}
