// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.DeviceId;
import io.wardgate.WardgateBug;
import io.wardgate.keys.KeyVault;
import io.wardgate.keys.Pkcs12Vault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link PreSharedKeys} that lie in a {@link KeyVault}, one secret for each, named {@code
 * psk/identity}.
 *
 * <p>The secret holds the device and the key together, so that no crash can part them. A key whose
 * device is not registered opens nothing; {@link PeerVerifier} sees to that. Nor does one that was
 * stored when less was known of weak keys; that is logged. Keys added to the vault later are found.
 * Thread-safe.
 */
public final class VaultPreSharedKeys implements PreSharedKeys {

  /** What vaults allow in a name; also keeps what a peer claims from becoming any other name. */
  private static final Pattern IDENTITY = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");

  private static final String PREFIX = "psk/";
  private static final String HEADER = "wardgate-psk 1\n";

  private static final Logger LOG =
      LoggerFactory.getLogger(VaultPreSharedKeys.class.getPackageName());

  private final KeyVault vault;

  /** Opening an entry of a vault takes milliseconds by design; a handshake must not. */
  private final Map<String, PreSharedKey> opened = new ConcurrentHashMap<>();

  private final Set<String> weak = ConcurrentHashMap.newKeySet();

  private VaultPreSharedKeys(KeyVault vault) {
    this.vault = vault;
  }

  /** The keys in {@code vault}. */
  public static VaultPreSharedKeys in(KeyVault vault) {
    return new VaultPreSharedKeys(vault);
  }

  /**
   * Puts a key into a vault, durably.
   *
   * @throws IllegalArgumentException if the identity is taken, or is not 1 to 64 lower-case
   *     letters, digits and {@code - .}
   * @throws IOException if the vault cannot be written; then nothing has changed
   */
  public static void store(Pkcs12Vault vault, PreSharedKey key) throws IOException {
    if (!IDENTITY.matcher(key.identity()).matches()) {
      throw new IllegalArgumentException("not an identity a vault can hold");
    }
    byte[] secret = encode(key);
    try {
      vault.storeSecret(PREFIX + key.identity(), secret);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  @Override
  public Optional<PreSharedKey> find(String identity) {
    if (!IDENTITY.matcher(identity).matches() || weak.contains(identity)) {
      return Optional.empty();
    }
    PreSharedKey known = opened.get(identity);
    if (known == null || known.isDestroyed()) {
      Optional<byte[]> secret = vault.secret(PREFIX + identity);
      if (secret.isEmpty()) {
        return Optional.empty();
      }
      known = decode(identity, secret.get());
      Arrays.fill(secret.get(), (byte) 0);
      Optional<String> weakness = known.weakness();
      if (weakness.isPresent()) {
        known.destroy();
        if (weak.add(identity)) {
          LOG.warn("the key of {} opens nothing any more: {}", known.device(), weakness.get());
        }
        return Optional.empty();
      }
      opened.put(identity, known);
    }
    return Optional.of(known);
  }

  private static byte[] encode(PreSharedKey key) {
    byte[] bytes = key.copyOfKey();
    ByteArrayOutputStream out = new ByteArrayOutputStream(HEADER.length() + 256);
    out.writeBytes((HEADER + key.device() + "\n").getBytes(US_ASCII));
    out.writeBytes(bytes);
    Arrays.fill(bytes, (byte) 0);
    return out.toByteArray();
  }

  /** The vault is authenticated: what is in it and is not ours, is our own fault. */
  private static PreSharedKey decode(String identity, byte[] secret) {
    byte[] header = HEADER.getBytes(US_ASCII);
    int end = header.length;
    while (end < secret.length && secret[end] != '\n') {
      end++;
    }
    if (end >= secret.length
        || !Arrays.equals(header, 0, header.length, secret, 0, header.length)) {
      throw new WardgateBug("a pre-shared key of ours does not decode");
    }
    byte[] key = Arrays.copyOfRange(secret, end + 1, secret.length);
    try {
      return PreSharedKey.stored(
          DeviceId.parse(new String(secret, header.length, end - header.length, US_ASCII)),
          identity,
          key);
    } catch (IllegalArgumentException e) {
      throw new WardgateBug("a pre-shared key of ours does not decode", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
