// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.ca.HostName;
import io.wardgate.est.Est;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.identity.SensorCredential;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every credential of one run: the authorities, the gateway's identity, what devices come with and
 * what proves them, and those of the intruders. All keys are new and none leaves memory.
 * Thread-safe.
 */
final class Credentials {

  private static final String DEVICE_AUTHORITY = "Ward device authority";
  private static final String GATEWAY_NAME = "gateway.ward.example";
  private static final Duration AGE = Duration.ofDays(30);
  private static final Duration LIFE = Duration.ofDays(60);
  private static final Duration DAY = Duration.ofDays(1);
  private static final int KEY_BYTES = 32;

  private final InstantSource clock;
  private final SecureRandom random;
  private final EmbeddedAuthority manufacturer;
  private final EmbeddedAuthority devices;
  private final EmbeddedAuthority gateways;
  private final EmbeddedAuthority elsewhere;
  private final Map<String, PreSharedKey> keys = new ConcurrentHashMap<>();

  Credentials(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
    this.manufacturer = authority("A manufacturer's authority");
    this.devices = authority(DEVICE_AUTHORITY);
    this.gateways = authority("Ward gateway authority");
    // By the same name: only the key tells it from ours.
    this.elsewhere = authority(DEVICE_AUTHORITY);
  }

  GatewayIdentity gateway() throws WardgateException {
    KeyPair pair = EcKeys.p256(random);
    var certificate =
        gateways.issueGateway(List.of(new HostName(GATEWAY_NAME)), pair.getPublic(), DAY);
    return GatewayIdentity.of(pair.getPrivate(), List.of(certificate));
  }

  DeviceTrust trust() {
    return DeviceTrust.anchoredAt(devices.certificate())
        .and(DeviceTrust.manufacturer("", manufacturer.certificate()))
        .and(
            DeviceTrust.ofPreSharedKeys(
                identity -> Optional.ofNullable(keys.get(identity)).map(Credentials::copy)));
  }

  /** How the ward enrols what comes. */
  Est est() {
    return Est.issuedBy(devices).tellingOf(gateways.certificate()).validFor(DAY);
  }

  /**
   * A key and the certificate for it.
   *
   * @param key stays here
   * @param certificate may be shown
   */
  record Held(PrivateKey key, X509Certificate certificate) {}

  /** What a device comes with: for its whole life, and for enrolment only. */
  Held fromTheManufacturer(DeviceId device) throws WardgateException {
    KeyPair pair = EcKeys.p256(random);
    return new Held(
        pair.getPrivate(), manufacturer.issueInitial(device, pair.getPublic(), Optional.empty()));
  }

  SensorCredential provenBy(Held held) {
    return SensorCredential.certificate(held.key(), List.of(held.certificate()), gatewayTrust());
  }

  SensorCredential certificate(DeviceId device) throws WardgateException {
    return issuedBy(devices, device);
  }

  SensorCredential preSharedKey(DeviceId device) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    PreSharedKey key = new PreSharedKey(device, "key-of-" + device, bytes);
    keys.put(key.identity(), key);
    return SensorCredential.preShared(copy(key));
  }

  SensorCredential nothing() {
    return SensorCredential.none(gatewayTrust());
  }

  SensorCredential fromElsewhere(DeviceId device) throws WardgateException {
    return issuedBy(elsewhere, device);
  }

  /** Issued by the right authority, and over since yesterday. */
  SensorCredential expired(DeviceId device) throws WardgateException {
    InstantSource before = () -> clock.instant().minus(DAY.multipliedBy(2));
    return issuedBy(EmbeddedAuthority.of(devices.entry(), before, random), device);
  }

  private SensorCredential issuedBy(EmbeddedAuthority authority, DeviceId device)
      throws WardgateException {
    KeyPair pair = EcKeys.p256(random);
    var certificate = authority.issueDevice(device, pair.getPublic(), DAY);
    return SensorCredential.certificate(pair.getPrivate(), List.of(certificate), gatewayTrust());
  }

  private EmbeddedAuthority authority(String name) {
    EmbeddedAuthority made =
        EmbeddedAuthority.selfSigned(name, LIFE, () -> clock.instant().minus(AGE), random);
    return EmbeddedAuthority.of(made.entry(), clock, random);
  }

  private GatewayTrust gatewayTrust() {
    return GatewayTrust.anchoredAt(gateways.certificate(), GATEWAY_NAME);
  }

  // Both ends clear the copy they are given.
  private static PreSharedKey copy(PreSharedKey key) {
    return new PreSharedKey(key.device(), key.identity(), key.copyOfKey());
  }
}
