// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.HostName;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** A gateway home for one test. */
final class TestHome {

  static final ObedientClock CLOCK = ObedientClock.at("2026-11-23T12:00:00Z");
  static final SecureRandom RANDOM = new SecureRandom();
  static final Role ROLE = Role.INFUSION_PUMP;

  private static final Map<String, PublicKey> KEYS = new ConcurrentHashMap<>();

  private TestHome() {}

  /** A new home {@code gw} in {@code directory}, unlocked by {@code gw.unlock} beside it. */
  static GatewayHome in(Path directory) throws IOException, WardgateException {
    Path place = directory.resolve("gw");
    make(place, UnlockSource.BESIDE_THE_HOME);
    return GatewayHome.at(place);
  }

  static UnlockSecret make(Path place, UnlockSource unlock) throws IOException, WardgateException {
    return new NewHome(CLOCK, RANDOM).make(place, List.of(new HostName("localhost")), unlock);
  }

  static OpenHome open(GatewayHome home) throws IOException, WardgateException {
    return OpenHome.open(home, UnlockSource.BESIDE_THE_HOME, CLOCK, RANDOM);
  }

  /** Issues a device at {@code desk}; its certificate's serial number. */
  static BigInteger register(DeviceDesk desk, String id) {
    KeyPair keys = EcKeys.p256(RANDOM);
    KEYS.put(id, keys.getPublic());
    try (DeviceDesk.CertificateTicket ticket =
        desk.certify(DeviceId.of(id), ROLE, keys.getPublic())) {
      ticket.register();
      return ticket.certificate().getSerialNumber();
    } catch (IOException | WardgateException e) {
      throw new AssertionError(e);
    }
  }

  /** The key that was last certified for a device of that id. */
  static PublicKey keyOf(String id) {
    return Objects.requireNonNull(KEYS.get(id));
  }

  static PublicKey newKey() {
    return EcKeys.p256(RANDOM).getPublic();
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(BackupManifest.Item.digest().digest(bytes));
  }
}
