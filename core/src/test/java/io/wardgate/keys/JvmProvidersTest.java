// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.Reason;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the two calls that change the JVM change, and that it is all they change. */
class JvmProvidersTest {

  private static final byte[] MESSAGE = {1, 2, 3};

  private final List<Provider> before = List.of(Security.getProviders());

  @AfterEach
  void restore() {
    JvmProviders.uninstall();
    Security.removeProvider("Intruder");
    assertThat(Security.getProviders()).containsExactlyElementsOf(before);
  }

  @Test
  void touchesNothingButCurves() throws Exception {
    List<String> served = others();
    JvmProviders.installFasterEc();
    assertThat(others()).isEqualTo(served);
    assertThat(curves()).containsOnly(JvmProviders.NAME);
    assertThat(Arrays.asList(Security.getProviders()).subList(1, before.size() + 1))
        .isEqualTo(before);
  }

  @Test
  void mayBeCalledAgainAndTakenBack() throws Exception {
    List<String> slower = curves();
    JvmProviders.installFasterEc();
    Provider ours = Security.getProvider(JvmProviders.NAME);
    JvmProviders.installFasterEc();
    assertThat(Security.getProvider(JvmProviders.NAME)).isSameAs(ours);
    JvmProviders.uninstall();
    JvmProviders.uninstall();
    assertThat(curves()).isEqualTo(slower);
  }

  @Test
  void refusesToStandBeforeSomebodyElse() {
    Security.insertProviderAt(new Intruder(), 1);
    assertThat(reasonOf(JvmProviders::installFasterEc)).isEqualTo(Reason.PROVIDER_ORDER_TAKEN);
    assertThat(Security.getProvider(JvmProviders.NAME)).isNull();
  }

  @Test
  void computesWhatThePlatformComputes() throws Exception {
    KeyPair theirs = keys();
    byte[] theirSignature = sign(theirs.getPrivate());
    JvmProviders.installFasterEc();
    KeyPair ours = keys();
    byte[] ourSignature = sign(ours.getPrivate());
    assertThat(verifies(theirs, theirSignature)).isTrue();
    assertThat(verifies(ours, ourSignature)).isTrue();
    assertThat(verifies(ours, theirSignature)).isFalse();
    byte[] shared = agree(ours, theirs);
    JvmProviders.uninstall();
    assertThat(verifies(ours, ourSignature)).isTrue();
    assertThat(agree(theirs, ours)).isEqualTo(shared);
  }

  @Test
  void oneSignatureObjectServesKeysOfAnyOrigin() throws Exception {
    KeyPair pair = keys();
    JvmProviders.installFasterEc();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initVerify(pair.getPublic());
    signature.initSign(pair.getPrivate());
    signature.update(MESSAGE);
    byte[] signed = signature.sign();
    signature.initVerify(pair.getPublic());
    signature.update(MESSAGE);
    assertThat(signature.verify(signed)).isTrue();
    assertThatThrownBy(() -> signature.initSign(new Handle()))
        .isInstanceOf(InvalidKeyException.class);
  }

  /** A key that cannot be read, of a token nobody installed. */
  private static final class Handle implements PrivateKey {
    private static final long serialVersionUID = 1L;

    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public String getFormat() {
      return "";
    }

    @Override
    @SuppressWarnings("NullAway") // as keys in hardware do
    public byte[] getEncoded() {
      return null;
    }
  }

  private static final class Intruder extends Provider {
    private static final long serialVersionUID = 1L;

    Intruder() {
      super("Intruder", "1", "stands first");
    }
  }

  private static List<String> curves() throws GeneralSecurityException {
    return List.of(
        Signature.getInstance("SHA256withECDSA").getProvider().getName(),
        KeyPairGenerator.getInstance("EC").getProvider().getName(),
        KeyAgreement.getInstance("ECDH").getProvider().getName());
  }

  private static List<String> others() throws Exception {
    return List.of(
        MessageDigest.getInstance("SHA-256").getProvider().getName(),
        Cipher.getInstance("AES/GCM/NoPadding").getProvider().getName(),
        Mac.getInstance("HmacSHA256").getProvider().getName(),
        CertificateFactory.getInstance("X.509").getProvider().getName(),
        SSLContext.getInstance("TLS").getProvider().getName(),
        KeyStore.getInstance("PKCS12").getProvider().getName(),
        KeyFactory.getInstance("EC").getProvider().getName(),
        Signature.getInstance("SHA256withRSA").getProvider().getName(),
        new SecureRandom().getProvider().getName(),
        Security.getProvider("SunPKCS11").getName());
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static byte[] sign(PrivateKey key) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(MESSAGE);
    return signature.sign();
  }

  private static boolean verifies(KeyPair pair, byte[] signed) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initVerify(pair.getPublic());
    signature.update(MESSAGE);
    return signature.verify(signed);
  }

  private static byte[] agree(KeyPair own, KeyPair other) throws GeneralSecurityException {
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(own.getPrivate());
    agreement.doPhase(other.getPublic(), true);
    return agreement.generateSecret();
  }
}
