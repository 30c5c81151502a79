// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What seals and signs a gateway's state: one secret and one signing key of a {@link KeyVault}.
 *
 * <p>Each file of the state is encrypted under a random key of its own, which stands in the file
 * {@link #wrap wrapped} by the vault's secret (AES-256-GCM, NIST SP 800-38D): without the vault
 * opened, the state is noise. Checkpoints are signed with ECDSA on P-256. Immutable, thread-safe.
 * Supports EN 303 645 5.4-1.
 */
public final class StateKeys {

  /** The length of {@link #keyId}. */
  public static final int KEY_ID_BYTES = 8;

  /** How much longer a wrapped key is than the key. */
  public static final int WRAP_OVERHEAD_BYTES = 12 + 16;

  /** The vault's names for them. The secret is stored last: with it, the state exists. */
  private static final String SECRET = "state";

  private static final String SIGNER = "state-signer";
  private static final String SUN_JCE = "SunJCE";
  private static final int SECRET_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();

  private final byte[] secret;
  private final KeyVault.KeyPairEntry signer;
  private final SecureRandom random;
  private final SecretKey wrapping;
  private final byte[] keyId;

  private StateKeys(byte[] secret, KeyVault.KeyPairEntry signer, SecureRandom random) {
    this.secret = secret;
    this.signer = signer;
    this.random = random;
    this.wrapping = new SecretKeySpec(mac(secret, "wardgate state wrap"), "AES");
    this.keyId = Arrays.copyOf(mac(secret, "wardgate state key id"), KEY_ID_BYTES);
  }

  /**
   * The state keys in {@code vault}, or empty if it has none: then there is no state yet.
   *
   * @param random for the nonces of wrapped keys
   * @throws WardgateException {@link Reason#STATE_DAMAGED} if the vault holds half of them
   */
  public static Optional<StateKeys> in(KeyVault vault, SecureRandom random)
      throws WardgateException {
    Optional<byte[]> secret = vault.secret(SECRET);
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    Optional<KeyVault.KeyPairEntry> signer = vault.keyPair(SIGNER);
    if (secret.get().length != SECRET_BYTES || signer.isEmpty()) {
      throw new WardgateException(
          Reason.STATE_DAMAGED, "the vault holds no whole set of keys for the state");
    }
    return Optional.of(new StateKeys(secret.get(), signer.get(), random));
  }

  /** New keys, in memory only until they are {@link #storeIn stored}. */
  public static StateKeys generate(InstantSource clock, SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new StateKeys(secret, newSigner(clock.instant(), random), random);
  }

  /**
   * Stores them in a vault that has none, durably. Until this returns, what they sealed can be
   * thrown away; from then on the vault knows that there is a state.
   *
   * @throws IllegalArgumentException if the vault holds state keys
   * @throws IOException if it cannot be written; then it holds no state keys
   */
  public void storeIn(Pkcs12Vault vault) throws IOException {
    vault.replace(SIGNER, signer);
    vault.storeSecret(SECRET, secret);
  }

  /** Which keys these are, for the head of files; tells nothing about them. */
  public byte[] keyId() {
    return keyId.clone();
  }

  /** A new random key. */
  public byte[] randomKey(int bytes) {
    byte[] key = new byte[bytes];
    random.nextBytes(key);
    return key;
  }

  /**
   * Seals a file's own key. A nonce is drawn for each call; there are far fewer calls in a vault's
   * life than random nonces are safe for (NIST SP 800-38D section 8.3: 2^32).
   *
   * @param context what the key is for; must be given again, exactly, to unwrap it
   * @return {@value #WRAP_OVERHEAD_BYTES} bytes longer than {@code key}
   */
  public byte[] wrap(byte[] key, byte[] context) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", SUN_JCE);
      cipher.init(Cipher.ENCRYPT_MODE, wrapping, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(context);
      byte[] wrapped = Arrays.copyOf(nonce, key.length + WRAP_OVERHEAD_BYTES);
      cipher.doFinal(key, 0, key.length, wrapped, NONCE_BYTES);
      return wrapped;
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("AES-GCM does not encrypt", e);
    }
  }

  /**
   * Opens what {@link #wrap} sealed, or empty if these keys, this context and these bytes do not
   * belong together.
   */
  public Optional<byte[]> unwrap(byte[] wrapped, byte[] context) {
    if (wrapped.length < WRAP_OVERHEAD_BYTES) {
      return Optional.empty();
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", SUN_JCE);
      cipher.init(
          Cipher.DECRYPT_MODE, wrapping, new GCMParameterSpec(TAG_BITS, wrapped, 0, NONCE_BYTES));
      cipher.updateAAD(context);
      return Optional.of(cipher.doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("AES-GCM does not decrypt", e);
    }
  }

  /** Signs a statement about the state: ECDSA on P-256 with SHA-256, in DER. */
  public byte[] sign(byte[] statement) {
    try {
      // A key without an encoding lives in hardware, and only its own provider can use it.
      Signature signature =
          signer.privateKey().getEncoded() == null
              ? Signature.getInstance("SHA256withECDSA")
              : Signature.getInstance("SHA256withECDSA", BC);
      signature.initSign(signer.privateKey(), random);
      signature.update(statement);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("the state's signing key does not sign", e);
    }
  }

  /** Whether {@link #sign} made this signature over this statement. */
  public boolean verify(byte[] statement, byte[] signature) {
    try {
      Signature check = Signature.getInstance("SHA256withECDSA", BC);
      check.initVerify(signer.chain().get(0).getPublicKey());
      check.update(statement);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The certificate of the signing key: self-signed, for who checks an export elsewhere. */
  public X509Certificate signer() {
    return signer.chain().get(0);
  }

  /**
   * A name for a shared secret by which it is recognised when it comes again, and from which
   * nothing can be learned without the vault: HMAC-SHA-256.
   */
  public byte[] fingerprint(byte[] sharedSecret) {
    byte[] key = mac(secret, "wardgate shared secret fingerprint");
    try {
      Mac hmac = Mac.getInstance("HmacSHA256", SUN_JCE);
      hmac.init(new SecretKeySpec(key, "HmacSHA256"));
      return hmac.doFinal(sharedSecret);
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has HmacSHA256", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Which keys; never what they are. */
  @Override
  public String toString() {
    return "StateKeys[redacted]";
  }

  /** A key of its own for each purpose (HKDF-Expand with one block, RFC 5869 section 2.3). */
  private static byte[] mac(byte[] secret, String purpose) {
    try {
      Mac hmac = Mac.getInstance("HmacSHA256", SUN_JCE);
      hmac.init(new SecretKeySpec(secret, "HmacSHA256"));
      hmac.update(purpose.getBytes(US_ASCII));
      return hmac.doFinal(new byte[] {1});
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has HmacSHA256", e);
    }
  }

  private static KeyVault.KeyPairEntry newSigner(Instant now, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      X500Name name =
          new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, "Wardgate state signer").build();
      var certificate =
          new X509v3CertificateBuilder(
                  name,
                  new BigInteger(159, random).setBit(158),
                  Date.from(now.minus(Duration.ofDays(1))),
                  // RFC 5280 section 4.1.2.5: no well-defined end; the vault is what ends it.
                  Date.from(Instant.parse("9999-12-31T23:59:59Z")),
                  name,
                  SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .setProvider(BC)
                      .setSecureRandom(random)
                      .build(pair.getPrivate()));
      return new KeyVault.KeyPairEntry(
          pair.getPrivate(),
          List.of(new JcaX509CertificateConverter().getCertificate(certificate)));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new WardgateBug("a self-signed certificate cannot be made", e);
    }
  }
}
