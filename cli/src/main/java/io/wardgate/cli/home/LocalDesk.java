// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.identity.Revocations;
import io.wardgate.identity.VaultPreSharedKeys;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.IssuedCertificate;
import io.wardgate.registry.IssuedCredential;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The {@link DeviceDesk} of the process that holds the home. Thread-safe. */
final class LocalDesk implements DeviceDesk {

  /**
   * There is no renewal yet, and a device that expires on a ward is care disrupted. What ends a
   * stolen device is the registry, which is asked for every request.
   */
  static final Duration DEVICE_VALIDITY = Duration.ofDays(10 * 365);

  private final LedgerRegistry ledger;
  private final DeviceRegistry devices;
  private final Revocations revocations;
  private final StateKeys keys;
  private final Pkcs12Vault vault;
  private final EmbeddedAuthority authority;
  private final X509Certificate gatewayCa;
  private final InstantSource clock;
  private final Set<DeviceId> open = new HashSet<>();

  /**
   * A desk.
   *
   * @param ledger knows what was given out
   * @param devices the same devices, by a registry that tells who is changed
   * @param revocations what authorities have revoked
   */
  LocalDesk(
      LedgerRegistry ledger,
      DeviceRegistry devices,
      Revocations revocations,
      StateKeys keys,
      Pkcs12Vault vault,
      EmbeddedAuthority authority,
      X509Certificate gatewayCa,
      InstantSource clock) {
    this.ledger = ledger;
    this.devices = devices;
    this.revocations = revocations;
    this.keys = keys;
    this.vault = vault;
    this.authority = authority;
    this.gatewayCa = gatewayCa;
    this.clock = clock;
  }

  @Override
  public CertificateTicket certify(DeviceId device, Role role, PublicKey key)
      throws WardgateException {
    reserve(device);
    boolean certified = false;
    try {
      X509Certificate certificate = authority.issueDevice(device, key, DEVICE_VALIDITY);
      IssuedCredential issued = IssuedCertificate.of(certificate);
      ledger.certified(device, issued);
      certified = true;
      return new LocalTicket(device, role, issued) {
        @Override
        public X509Certificate certificate() {
          return certificate;
        }
      };
    } finally {
      if (!certified) {
        release(device);
      }
    }
  }

  @Override
  public Ticket share(PreSharedKey key, Role role) throws WardgateException {
    DeviceId device = key.device();
    reserve(device);
    boolean shared = false;
    try {
      IssuedCredential issued = key.issued(keys);
      ledger.certified(device, issued);
      shared = true;
      return ticket(key, role, issued);
    } finally {
      if (!shared) {
        release(device);
      }
    }
  }

  @Override
  public void suspend(DeviceId device, Cause cause) throws WardgateException {
    devices.suspend(device, cause);
  }

  @Override
  public void resume(DeviceId device) throws WardgateException {
    devices.resume(device);
  }

  @Override
  public void revoke(DeviceId device, Cause cause) throws WardgateException {
    devices.revoke(device, cause);
  }

  @Override
  public void retire(DeviceId device, Cause cause) throws WardgateException {
    devices.retire(device, cause);
  }

  @Override
  public void takeRevocationList(byte[] list, List<X509Certificate> authorities)
      throws WardgateException {
    revocations.accept(list, authorities);
  }

  private Ticket ticket(PreSharedKey key, Role role, IssuedCredential issued) {
    return new LocalTicket(key.device(), role, issued) {
      @Override
      public X509Certificate certificate() {
        throw new IllegalStateException("a pre-shared key has no certificate");
      }

      @Override
      public void register() throws WardgateException {
        try {
          // Before the registration: a key of an unregistered device opens nothing.
          VaultPreSharedKeys.store(vault, key);
        } catch (IOException e) {
          throw new WardgateException(
              Reason.STATE_UNAVAILABLE, "the key vault could not be written", e);
        }
        super.register();
      }
    };
  }

  private synchronized void reserve(DeviceId device) throws WardgateException {
    if (ledger.find(device).isPresent() || !open.add(device)) {
      throw new WardgateException(Reason.DEVICE_ALREADY_REGISTERED, device.toString());
    }
  }

  private synchronized void release(DeviceId device) {
    open.remove(device);
  }

  private abstract class LocalTicket implements CertificateTicket {
    private final DeviceId device;
    private final Role role;
    private final IssuedCredential issued;

    LocalTicket(DeviceId device, Role role, IssuedCredential issued) {
      this.device = device;
      this.role = role;
      this.issued = issued;
    }

    @Override
    public X509Certificate gatewayCa() {
      return gatewayCa;
    }

    @Override
    public void register() throws WardgateException {
      // For this credential only: what was certified before and never confirmed stays worthless.
      devices.register(new Registration(device, role, clock.instant()).with(issued));
    }

    @Override
    public void close() {
      release(device);
    }
  }
}
