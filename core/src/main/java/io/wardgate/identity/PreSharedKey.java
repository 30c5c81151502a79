// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.DeviceId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * One device's pre-shared key and the identity it goes by on the wire (RFC 4279).
 *
 * <p>At least 16 bytes; no {@code equals} over the key, no key in {@link #toString}. {@link
 * #destroy} clears our copy. Supports EN 303 645 5.1-1 and 5.4-4.
 */
public final class PreSharedKey implements Destroyable {

  /** Below this a key can be guessed from a recorded handshake of a suite without ECDHE. */
  public static final int MIN_KEY_BYTES = 16;

  private static final int MAX_KEY_BYTES = 64;
  private static final int MAX_IDENTITY_BYTES = 128;

  private final DeviceId device;
  private final String identity;
  private final byte[] key;
  private boolean destroyed;

  /**
   * Copies the key.
   *
   * @param identity 1 to 128 bytes of UTF-8; travels in clear, so it should not name a patient
   * @param key 16 to 64 bytes
   * @throws IllegalArgumentException if either is out of range
   */
  public PreSharedKey(DeviceId device, String identity, byte[] key) {
    int identityBytes = identity.getBytes(StandardCharsets.UTF_8).length;
    if (identityBytes == 0 || identityBytes > MAX_IDENTITY_BYTES) {
      throw new IllegalArgumentException("a pre-shared-key identity is 1 to 128 bytes");
    }
    if (key.length < MIN_KEY_BYTES || key.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException("a pre-shared key is 16 to 64 bytes");
    }
    this.device = device;
    this.identity = identity;
    this.key = key.clone();
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
