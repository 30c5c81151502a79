// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.ca.Pem;
import io.wardgate.gateway.StateFolder;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.PreSharedKeys;
import io.wardgate.identity.VaultPreSharedKeys;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.registry.LedgerRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * A gateway home this process holds the lock of, with its vault and its state open. Thread-safe.
 */
public final class OpenHome implements AutoCloseable {

  private final HomeLock lock;
  private final Pkcs12Vault vault;
  private final StateFolder state;
  private final LocalDesk desk;

  private OpenHome(HomeLock lock, Pkcs12Vault vault, StateFolder state, LocalDesk desk) {
    this.lock = lock;
    this.vault = vault;
    this.state = state;
    this.desk = desk;
  }

  /**
   * Opens a home with its lock and its unlock secret. The first opening makes its state; a home of
   * version 0.1 has its registry taken over.
   *
   * @throws WardgateException {@link Reason#HOME_IN_USE} if another process has it, else what is
   *     wrong with the unlock secret, the vault or the state
   * @throws IOException if a file cannot be read
   */
  public static OpenHome open(
      GatewayHome home, UnlockSource unlock, InstantSource clock, SecureRandom random)
      throws IOException, WardgateException {
    HomeLock lock =
        HomeLock.tryAcquire(home.lock())
            .orElseThrow(
                () ->
                    new WardgateException(
                        Reason.HOME_IN_USE, "another process holds " + home.directory()));
    return open(home, lock, unlock, clock, random);
  }

  /** The same with a lock that is held already, and released if this fails. */
  static OpenHome open(
      GatewayHome home,
      HomeLock lock,
      UnlockSource unlock,
      InstantSource clock,
      SecureRandom random)
      throws IOException, WardgateException {
    boolean opened = false;
    try (UnlockSecret secret = unlock.read(home.directory())) {
      char[] text = secret.copyOfText();
      try {
        Pkcs12Vault vault = Pkcs12Vault.open(home.vault(), text);
        X509Certificate gatewayCa =
            Pem.certificates(PrivateFiles.readUpTo(home.gatewayCa(), Pem.MAX_BYTES)).get(0);
        EmbeddedAuthority devices = authority(vault, clock, random);
        // Last: what is opened here has to be closed.
        StateFolder state = StateFolder.open(home.state(), vault, clock, random);
        opened = true;
        return new OpenHome(
            lock,
            vault,
            state,
            new LocalDesk(state.ledger(), state.keys(), vault, devices, gatewayCa, clock));
      } finally {
        Arrays.fill(text, '\0');
      }
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private static EmbeddedAuthority authority(
      Pkcs12Vault vault, InstantSource clock, SecureRandom random) throws WardgateException {
    return vault
        .keyPair(NewHome.DEVICE_AUTHORITY)
        .map(entry -> EmbeddedAuthority.of(entry, clock, random))
        .orElseThrow(
            () ->
                new WardgateException(Reason.STATE_DAMAGED, "the vault holds no device authority"));
  }

  /** Where devices get their credentials. */
  public DeviceDesk desk() {
    return desk;
  }

  /** The devices known here. */
  public LedgerRegistry registry() {
    return state.ledger();
  }

  /**
   * What the gateway proves itself with.
   *
   * @throws WardgateException {@link Reason#STATE_DAMAGED} if the vault does not hold it
   */
  public GatewayIdentity identity() throws WardgateException {
    if (vault.keyPair(NewHome.GATEWAY).isEmpty()) {
      throw new WardgateException(Reason.STATE_DAMAGED, "the vault holds no gateway identity");
    }
    return GatewayIdentity.from(vault, NewHome.GATEWAY);
  }

  /** The pre-shared keys in the vault, those added later included. */
  public PreSharedKeys preSharedKeys() {
    return VaultPreSharedKeys.in(vault);
  }

  /** Ends writing, then lets the next process in. */
  @Override
  public void close() throws IOException {
    state.close();
    lock.close();
  }
}
