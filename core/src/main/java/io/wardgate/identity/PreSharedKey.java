// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.IssuedPreSharedKey;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.SecretFingerprint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.Destroyable;

/**
 * One device's pre-shared key and the identity it goes by on the wire (RFC 4279).
 *
 * <p>At least 16 bytes, and none that can be guessed, looked up or worked out; no {@code equals}
 * over the key, no key in {@link #toString}. {@link #destroy} clears our copy. Supports EN 303 645
 * 5.1-1 and 5.4-4.
 */
public final class PreSharedKey implements Destroyable {

  /** Below this a key can be guessed from a recorded handshake of a suite without ECDHE. */
  public static final int MIN_KEY_BYTES = 16;

  private static final int MAX_KEY_BYTES = 64;
  private static final int MAX_IDENTITY_BYTES = 128;

  private static final int DEFAULT_KEY_BYTES = 32;

  /** 26 characters of 5 bits: more than the 128 that two devices never share by chance. */
  private static final int IDENTITY_LENGTH = 26;

  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

  private final DeviceId device;
  private final String identity;
  private final byte[] key;
  private boolean destroyed;

  /**
   * Copies the key.
   *
   * @param identity 1 to 128 bytes of UTF-8; travels in clear, so it should not name a patient
   * @param key 16 to 64 bytes
   * @throws IllegalArgumentException if either is out of range, or the key is weak, as {@link
   *     #imported} has it
   */
  public PreSharedKey(DeviceId device, String identity, byte[] key) {
    this(device, identity, key, WeakKey.why(key, device, identity));
  }

  private PreSharedKey(DeviceId device, String identity, byte[] key, Optional<String> weakness) {
    int identityBytes = identity.getBytes(StandardCharsets.UTF_8).length;
    if (identityBytes == 0 || identityBytes > MAX_IDENTITY_BYTES) {
      throw new IllegalArgumentException("a pre-shared-key identity is 1 to 128 bytes");
    }
    if (key.length < MIN_KEY_BYTES || key.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException("a pre-shared key is 16 to 64 bytes");
    }
    if (weakness.isPresent()) {
      throw new IllegalArgumentException("a weak pre-shared key: " + weakness.get());
    }
    this.device = device;
    this.identity = identity;
    this.key = key.clone();
  }

  /** A new key of 32 random bytes, under a random identity that names nobody. */
  public static PreSharedKey generate(DeviceId device, SecureRandom random) {
    byte[] bytes = new byte[DEFAULT_KEY_BYTES];
    random.nextBytes(bytes);
    try {
      return new PreSharedKey(device, randomIdentity(random), bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** An identity for a new key: 26 lower-case letters and digits, 130 random bits. */
  public static String randomIdentity(SecureRandom random) {
    StringBuilder text = new StringBuilder(IDENTITY_LENGTH);
    for (int i = 0; i < IDENTITY_LENGTH; i++) {
      text.append(BASE32.charAt(random.nextInt(BASE32.length())));
    }
    return text.toString();
  }

  /**
   * A key that was made elsewhere.
   *
   * @throws WardgateException {@link Reason#PRE_SHARED_KEY_WEAK} if it is a pattern, a short text,
   *     made of the device's name or identity, or published
   * @throws IllegalArgumentException if the identity or the key's length is out of range
   */
  public static PreSharedKey imported(DeviceId device, String identity, byte[] key)
      throws WardgateException {
    Optional<String> weakness = WeakKey.why(key, device, identity);
    if (weakness.isPresent() && key.length >= MIN_KEY_BYTES) {
      throw new WardgateException(Reason.PRE_SHARED_KEY_WEAK, weakness.get());
    }
    return new PreSharedKey(device, identity, key, weakness);
  }

  /**
   * A key that was judged when it was stored; {@link #weakness} tells what is thought of it now.
   */
  static PreSharedKey stored(DeviceId device, String identity, byte[] key) {
    return new PreSharedKey(device, identity, key, Optional.empty());
  }

  /** Why it would be refused if it came now, or empty if it would not. */
  Optional<String> weakness() {
    byte[] bytes = copyOfKey();
    try {
      return WeakKey.why(bytes, device, identity);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** What the ledger knows it by, under {@code state}'s keys: recognised, and of no other use. */
  public IssuedPreSharedKey issued(StateKeys state) {
    byte[] secret = copyOfKey();
    try {
      return new IssuedPreSharedKey(
          KeyFingerprint.ofPskIdentity(identity), SecretFingerprint.of(state, secret));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Whose key it is. */
  public DeviceId device() {
    return device;
  }

  /** What it goes by on the wire. */
  public String identity() {
    return identity;
  }

  /**
   * A copy of the key, for the handshake only; the caller clears it.
   *
   * @throws IllegalStateException after {@link #destroy}
   */
  public synchronized byte[] copyOfKey() {
    if (destroyed) {
      throw new IllegalStateException("the key was destroyed");
    }
    return key.clone();
  }

  /**
   * Compares keys in constant time.
   *
   * @throws IllegalStateException if either was destroyed
   */
  public boolean sameKeyAs(PreSharedKey other) {
    // Copies, one lock at a time: two keys compared with each other both ways must not deadlock.
    byte[] mine = copyOfKey();
    byte[] theirs = other.copyOfKey();
    try {
      return MessageDigest.isEqual(mine, theirs);
    } finally {
      Arrays.fill(mine, (byte) 0);
      Arrays.fill(theirs, (byte) 0);
    }
  }

  @Override
  public synchronized void destroy() {
    Arrays.fill(key, (byte) 0);
    destroyed = true;
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  /** Names the device; the key is never printed. */
  @Override
  public String toString() {
    return "PreSharedKey[" + device + ", redacted]";
  }
}
