// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.NeedsShared;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.Shared;
import io.wardgate.json.JsonReader;
import io.wardgate.json.JsonType;
import java.math.BigInteger;
import java.nio.file.Files;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DLSequence;
import org.junit.jupiter.api.Test;

/** A signature has one encoding, and one meaning. */
class EcdsaSignatureTest {

  private static final String VECTORS = "vectors/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json";
  private static final byte[] MESSAGE = {1, 2, 3};
  private static final int P256_BYTES = 32;

  @Test
  @NeedsShared(VECTORS)
  @Provision("5.1-3")
  void judgesEveryPublishedVectorAsItsAuthorsDo() throws Exception {
    JsonReader json = new JsonReader(Files.readAllBytes(Shared.path(VECTORS)), 16);
    int[] judged = {0, 0};
    json.beginObject();
    for (String name = json.nextName(64); name != null; name = json.nextName(64)) {
      if (name.equals("testGroups")) {
        json.beginArray();
        while (json.nextElement()) {
          judgeGroup(json, judged);
        }
      } else {
        json.skip();
      }
    }
    assertThat(judged[0] + judged[1]).isEqualTo(262);
    assertThat(judged[0]).as("valid ones").isGreaterThan(100);
  }

  private static void judgeGroup(JsonReader json, int[] judged) throws Exception {
    PublicKey key = null;
    json.beginObject();
    for (String name = json.nextName(64); name != null; name = json.nextName(64)) {
      if (name.equals("publicKeyDer")) {
        byte[] der = HexFormat.of().parseHex(json.readText(1024));
        key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
      } else if (name.equals("tests")) {
        assertThat(key).as("the key stands before its tests").isNotNull();
        json.beginArray();
        while (json.nextElement()) {
          judge(json, key, judged);
        }
      } else {
        json.skip();
      }
    }
  }

  private static void judge(JsonReader json, PublicKey key, int[] judged) throws Exception {
    byte[] message = {};
    byte[] raw = {};
    String result = "";
    String id = "";
    json.beginObject();
    for (String name = json.nextName(64); name != null; name = json.nextName(64)) {
      switch (name) {
        case "msg" -> message = HexFormat.of().parseHex(json.readText(4096));
        case "sig" -> raw = HexFormat.of().parseHex(json.readText(4096));
        case "result" -> result = json.readText(16);
        default -> {
          if (name.equals("tcId") && json.peek() == JsonType.NUMBER) {
            id = "tcId " + json.readDouble();
          } else {
            json.skip();
          }
        }
      }
    }
    byte[] signed = message;
    boolean holds =
        EcdsaSignature.ofFixedLength(raw, P256_BYTES)
            .filter(signature -> signature.isOf(key, "SHA-256", signed))
            .isPresent();
    assertThat(holds).as(id).isEqualTo(result.equals("valid"));
    boolean holdsInDer =
        raw.length == 2 * P256_BYTES
            && Signatures.verify(key, "1.2.840.10045.4.3.2", message, der(raw));
    assertThat(holdsInDer).as(id + " in DER").isEqualTo(holds);
    judged[holds ? 0 : 1]++;
  }

  private static byte[] der(byte[] raw) throws Exception {
    return der(
        new BigInteger(1, Arrays.copyOf(raw, P256_BYTES)),
        new BigInteger(1, Arrays.copyOfRange(raw, P256_BYTES, 2 * P256_BYTES)));
  }

  private static byte[] der(BigInteger r, BigInteger s) throws Exception {
    return new DERSequence(new ASN1Integer[] {new ASN1Integer(r), new ASN1Integer(s)}).getEncoded();
  }

  @Test
  void refusesEveryTruncationAndWhatFollows() throws Exception {
    byte[] signature = signature(keys());
    assertThat(EcdsaSignature.ofDer(signature)).isPresent();
    for (int length = 0; length < signature.length; length++) {
      assertThat(EcdsaSignature.ofDer(Arrays.copyOf(signature, length))).as("%d", length).isEmpty();
    }
    assertThat(EcdsaSignature.ofDer(Arrays.copyOf(signature, signature.length + 1))).isEmpty();
  }

  @Test
  void refusesOtherEncodingsOfTheSameNumbers() throws Exception {
    byte[] signature = signature(keys());
    byte[] longForm = new byte[signature.length + 1];
    longForm[0] = 0x30;
    longForm[1] = (byte) 0x81;
    System.arraycopy(signature, 1, longForm, 2, signature.length - 1);
    assertThat(EcdsaSignature.ofDer(longForm)).isEmpty();
    EcdsaSignature read = EcdsaSignature.ofDer(signature).orElseThrow();
    byte[] three =
        new DLSequence(
                new ASN1Integer[] {
                  new ASN1Integer(read.r()), new ASN1Integer(read.s()), new ASN1Integer(0)
                })
            .getEncoded();
    assertThat(EcdsaSignature.ofDer(three)).isEmpty();
  }

  @Test
  void refusesNumbersThatNoSignerMakes() throws Exception {
    KeyPair keys = keys();
    EcdsaSignature good = EcdsaSignature.ofDer(signature(keys)).orElseThrow();
    assertThat(good.isOf(keys.getPublic(), "SHA-256", MESSAGE)).isTrue();
    for (BigInteger wrong :
        new BigInteger[] {
          BigInteger.ZERO, BigInteger.ONE.negate(), good.r().negate(), good.r().shiftLeft(256)
        }) {
      assertThat(new EcdsaSignature(wrong, good.s()).isOf(keys.getPublic(), "SHA-256", MESSAGE))
          .isFalse();
      assertThat(new EcdsaSignature(good.r(), wrong).isOf(keys.getPublic(), "SHA-256", MESSAGE))
          .isFalse();
    }
  }

  @Test
  void refusesAFixedLengthThatIsNotExact() {
    assertThat(EcdsaSignature.ofFixedLength(new byte[63], P256_BYTES)).isEmpty();
    assertThat(EcdsaSignature.ofFixedLength(new byte[65], P256_BYTES)).isEmpty();
    assertThat(EcdsaSignature.ofFixedLength(new byte[64], P256_BYTES)).isPresent();
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static byte[] signature(KeyPair keys) throws Exception {
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(keys.getPrivate());
    signer.update(MESSAGE);
    return signer.sign();
  }
}
