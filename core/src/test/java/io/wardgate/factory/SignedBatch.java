// SPDX-License-Identifier: Apache-2.0
package io.wardgate.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.fixtures.Credential;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Authorisations as a planner signs them, and as nobody should. */
final class SignedBatch {

  static final String JSON =
      "{\"batch\":\"2026-W48\",\"model\":\"infusion-pump\",\"count\":2,\"station\":\"line-4\","
          + "\"from\":\"2026-11-23T00:00:00Z\",\"until\":\"2026-12-01T00:00:00Z\"}";

  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();
  private static final ASN1ObjectIdentifier SHA_1 = new ASN1ObjectIdentifier("1.3.14.3.2.26");

  private SignedBatch() {}

  static byte[] of(String json, Credential... signers) throws Exception {
    return of(json, "SHA256withECDSA", true, signers);
  }

  static byte[] of(String json, String algorithm, boolean withContent, Credential... signers)
      throws Exception {
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    for (Credential signer : signers) {
      generator.addSignerInfoGenerator(
          infoBuilder().build(signed(algorithm, signer), signer.leaf()));
    }
    return generator
        .generate(new CMSProcessableByteArray(json.getBytes(UTF_8)), withContent)
        .getEncoded("DER");
  }

  /** Over a digest that is not that of its signature. */
  static byte[] overSha1(String json, Credential signer) throws Exception {
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(
        infoBuilder()
            .setContentDigest(new AlgorithmIdentifier(SHA_1))
            .build(signed("SHA256withECDSA", signer), signer.leaf()));
    return generator
        .generate(new CMSProcessableByteArray(json.getBytes(UTF_8)), true)
        .getEncoded("DER");
  }

  private static JcaSignerInfoGeneratorBuilder infoBuilder() throws Exception {
    return new JcaSignerInfoGeneratorBuilder(
        new JcaDigestCalculatorProviderBuilder().setProvider(PROVIDER).build());
  }

  private static ContentSigner signed(String algorithm, Credential signer) throws Exception {
    return new JcaContentSignerBuilder(algorithm).setProvider(PROVIDER).build(signer.key());
  }
}
