// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Echo;
import io.wardgate.identity.AuthenticatedPeer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells a request that was made just now from one that the network held back or repeats (RFC 9175).
 *
 * <p>What is to be echoed says when it was given, by a clock nobody sets, and is bound by a MAC to
 * the device, to the proof its session began with and to how long it may be held back; so it is
 * good for that session and that window only, and nothing has to be remembered to give one. It is
 * good once: what was used is remembered as long as it would be good, {@value #REMEMBERED} at most
 * and {@value #REMEMBERED_OF_ONE} of one device and window; beyond that no command is taken. The
 * key is drawn at each start. Thread-safe by one lock, held for a walk over what is remembered.
 */
final class Freshness {

  static final int REMEMBERED = 8192;

  /** Some a second at the shortest windows; no device keeps the others from giving commands. */
  static final int REMEMBERED_OF_ONE = 64;

  private static final int TIME_BYTES = Long.BYTES;
  private static final int NONCE_BYTES = 8;
  private static final int MAC_BYTES = 16;
  private static final int BYTES = TIME_BYTES + NONCE_BYTES + MAC_BYTES;

  private final SecretKeySpec key;
  private final SecureRandom random;
  private final LongSupplier nanos;
  private final long start;

  private final Map<Echo, Use> used = new LinkedHashMap<>();

  /**
   * A use of a value.
   *
   * @param device whose
   * @param window how old it might be where it was used
   * @param until how long the value would be good
   */
  private record Use(DeviceId device, Duration window, long until) {

    boolean isOf(DeviceId other, Duration held) {
      return device.equals(other) && window.equals(held);
    }
  }

  Freshness(SecureRandom random, LongSupplier nanos) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
    this.random = random;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /** Something for this session to echo, where a request may be as old as {@code window}. */
  Echo give(AuthenticatedPeer peer, Duration window) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] head = ByteBuffer.allocate(TIME_BYTES + NONCE_BYTES).putLong(age()).put(nonce).array();
    byte[] value = Arrays.copyOf(head, BYTES);
    System.arraycopy(mac(head, peer, window), 0, value, head.length, MAC_BYTES);
    return Echo.of(value);
  }

  private long age() {
    return nanos.getAsLong() - start;
  }

  /**
   * Checks what came back; it may be used still.
   *
   * @throws WardgateException {@link Reason#ECHO_MISSING}, or {@link Reason#REQUEST_NOT_FRESH} if
   *     it is too old, another session's, for another window, or was used
   */
  void require(Optional<Echo> echo, AuthenticatedPeer peer, Duration window)
      throws WardgateException {
    if (echo.isEmpty()) {
      throw new WardgateException(Reason.ECHO_MISSING, "no Echo came with it");
    }
    byte[] value = echo.get().toBytes();
    if (value.length != BYTES) {
      throw stale("not of ours");
    }
    byte[] head = Arrays.copyOf(value, TIME_BYTES + NONCE_BYTES);
    byte[] mac = Arrays.copyOfRange(value, head.length, BYTES);
    if (!MessageDigest.isEqual(mac, mac(head, peer, window))) {
      throw stale("not given to this session, or for another window");
    }
    requireYoung(value, window);
    synchronized (used) {
      if (used.containsKey(echo.get())) {
        throw stale("used before");
      }
    }
  }

  /**
   * Checks once more how old one is that was used: the request may have waited since.
   *
   * @throws WardgateException {@link Reason#REQUEST_NOT_FRESH}
   */
  void requireYoungStill(Optional<Echo> echo, Duration window) throws WardgateException {
    requireYoung(echo.orElseThrow().toBytes(), window);
  }

  private void requireYoung(byte[] value, Duration window) throws WardgateException {
    if (age() - ByteBuffer.wrap(value).getLong() > window.toNanos()) {
      throw stale("held back for longer than " + window);
    }
  }

  /**
   * Uses it up, after the same checks.
   *
   * @throws WardgateException as for {@link #require}; {@link Reason#OVERLOADED} if too many are
   *     remembered
   */
  void use(Optional<Echo> echo, AuthenticatedPeer peer, Duration window) throws WardgateException {
    require(echo, peer, window);
    long now = age();
    synchronized (used) {
      used.values().removeIf(use -> use.until() < now);
      long ofOne = used.values().stream().filter(u -> u.isOf(peer.device(), window)).count();
      if (used.size() >= REMEMBERED || ofOne >= REMEMBERED_OF_ONE) {
        throw new WardgateException(Reason.OVERLOADED, "too many commands in a short time");
      }
      Use use = new Use(peer.device(), window, now + window.toNanos());
      if (used.putIfAbsent(echo.orElseThrow(), use) != null) {
        throw stale("used before");
      }
    }
  }

  private byte[] mac(byte[] head, AuthenticatedPeer peer, Duration window) {
    try {
      Mac hmac = Mac.getInstance("HmacSHA256");
      hmac.init(key);
      hmac.update(head);
      hmac.update(
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(peer.proof())
              .putLong(window.toNanos())
              .array());
      hmac.update(peer.device().toString().getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(hmac.doFinal(), MAC_BYTES);
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has HmacSHA256", e);
    }
  }

  private static WardgateException stale(String why) {
    return new WardgateException(Reason.REQUEST_NOT_FRESH, why);
  }
}
