// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import static io.wardgate.Refusals.reasonOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.fixtures.NeedsShared;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who asks for a certificate shows that the key is his, and names nobody else. */
class CertificationRequestTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final ASN1ObjectIdentifier UNKNOWN =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.7");
  private static final DeviceId PUMP = DeviceId.of("pump-1");

  private final KeyPair keys = EcKeys.p256(RANDOM);

  @Test
  @Provision("5.4-4")
  void tellsTheKeyAndTheDevice() throws Exception {
    CertificationRequest request = CertificationRequest.of(signed(about("pump-1")));
    assertThat(request.key()).isEqualTo(keys.getPublic());
    assertThat(request.serial()).hasValue("pump-1");
    request.requireNoOtherThan(PUMP);
    assertThat(reasonOf(() -> request.requireNoOtherThan(DeviceId.of("pump-2"))))
        .isEqualTo(Reason.CSR_IDENTITY_MISMATCH);
  }

  @Test
  void mayNameNobody() throws Exception {
    CertificationRequest request = CertificationRequest.of(signed(builder(new X500Name("CN=x"))));
    assertThat(request.serial()).isEmpty();
    request.requireNoOtherThan(PUMP);
  }

  @Test
  void namesADeviceByItsHardwareToo() throws Exception {
    ASN1EncodableVector module = new ASN1EncodableVector();
    module.add(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"));
    module.add(new DEROctetString(new byte[] {4, 2}));
    OtherName name =
        new OtherName(new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4"), new DERSequence(module));
    PKCS10CertificationRequestBuilder draft = builder(new X500Name("CN=x"));
    draft.addAttribute(
        PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
        names(new GeneralNames(new GeneralName(GeneralName.otherName, name))));
    assertThat(CertificationRequest.of(signed(draft)).serial())
        .hasValue("hw:1.3.6.1.4.1.99999.1:0402");
  }

  @Test
  @Provision("5.4-4")
  void refusesOneThatIsNotSignedWithTheKeyInIt() throws Exception {
    byte[] foreign = signed(about("pump-1"), EcKeys.p256(RANDOM), "SHA256withECDSA");
    assertThat(reasonOf(() -> CertificationRequest.of(foreign)))
        .isEqualTo(Reason.CSR_SIGNATURE_INVALID);
  }

  @Test
  void refusesASignatureByAnAlgorithmThatIsNotOurs() throws Exception {
    byte[] old = signed(about("pump-1"), keys, "SHA1withECDSA");
    assertThat(reasonOf(() -> CertificationRequest.of(old)))
        .isEqualTo(Reason.CSR_SIGNATURE_INVALID);
  }

  @Test
  void refusesAnotherVersionAndAnAlgorithmWithParameters() throws Exception {
    assertThat(CertificationRequest.of(raw(0, false)).serial()).isEmpty();
    byte[] versionTwo = raw(1, false);
    assertThat(reasonOf(() -> CertificationRequest.of(versionTwo))).isEqualTo(Reason.CSR_MALFORMED);
    byte[] parameters = raw(0, true);
    assertThat(reasonOf(() -> CertificationRequest.of(parameters)))
        .isEqualTo(Reason.CSR_SIGNATURE_INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp192r1", "secp384r1", "secp256k1"})
  void refusesAKeyOnAnotherCurve(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", EcKeys.BOUNCY_CASTLE);
    generator.initialize(new ECGenParameterSpec(curve), RANDOM);
    assertThat(refusalOf(generator.generateKeyPair(), "SHA256withECDSA"))
        .isEqualTo(Reason.KEY_UNSUITABLE);
  }

  @Test
  void refusesAnRsaKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", EcKeys.BOUNCY_CASTLE);
    generator.initialize(1024, RANDOM);
    assertThat(refusalOf(generator.generateKeyPair(), "SHA256withRSA"))
        .isEqualTo(Reason.KEY_UNSUITABLE);
  }

  @Test
  void refusesOneThatNamesSeveralDevices() throws Exception {
    X500Name two =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.SERIALNUMBER, "pump-1")
            .addRDN(BCStyle.SERIALNUMBER, "pump-2")
            .build();
    byte[] request = signed(builder(two));
    assertThat(reasonOf(() -> CertificationRequest.of(request))).isEqualTo(Reason.IDENTITY_MISSING);
  }

  @Test
  void whatElseItAsksForIsNotItsToDecide() throws Exception {
    ExtensionsGenerator wanted = new ExtensionsGenerator();
    wanted.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    PKCS10CertificationRequestBuilder draft = about("pump-1");
    draft.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wanted.generate());
    draft.addAttribute(
        PKCSObjectIdentifiers.pkcs_9_at_challengePassword, new DERPrintableString("hello"));
    assertThat(CertificationRequest.of(signed(draft)).serial()).hasValue("pump-1");
  }

  @Test
  void refusesAnAttributeThatIsThereTwiceOrHasNotOneValue() throws Exception {
    PKCS10CertificationRequestBuilder twice = about("pump-1");
    twice.addAttribute(UNKNOWN, text("a"));
    twice.addAttribute(UNKNOWN, text("b"));
    byte[] one = signed(twice);
    assertThat(reasonOf(() -> CertificationRequest.of(one))).isEqualTo(Reason.CSR_MALFORMED);
    PKCS10CertificationRequestBuilder values = about("pump-1");
    values.addAttribute(UNKNOWN, new ASN1Encodable[] {text("a"), text("b")});
    byte[] other = signed(values);
    assertThat(reasonOf(() -> CertificationRequest.of(other))).isEqualTo(Reason.CSR_MALFORMED);
  }

  @Test
  void refusesMoreThanAnyDeviceNeeds() throws Exception {
    PKCS10CertificationRequestBuilder large = about("pump-1");
    large.addAttribute(
        PKCSObjectIdentifiers.pkcs_9_at_challengePassword,
        text("x".repeat(CertificationRequest.MAX_BYTES)));
    byte[] tooLarge = signed(large);
    assertThat(reasonOf(() -> CertificationRequest.of(tooLarge))).isEqualTo(Reason.CSR_MALFORMED);
    PKCS10CertificationRequestBuilder many = about("pump-1");
    for (int i = 1; i <= 9; i++) {
      many.addAttribute(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999." + i), text("x"));
    }
    byte[] tooMany = signed(many);
    assertThat(reasonOf(() -> CertificationRequest.of(tooMany))).isEqualTo(Reason.CSR_MALFORMED);
  }

  @Test
  void refusesEveryTruncationAndMutation() throws Exception {
    byte[] whole = signed(about("pump-1"));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThat(reasonOf(() -> CertificationRequest.of(cut)))
          .as("%d bytes", length)
          .isEqualTo(Reason.CSR_MALFORMED);
    }
    for (int i = 0; i < whole.length; i++) {
      byte[] mutant = whole.clone();
      mutant[i] ^= 1;
      assertThat(reasonOf(() -> CertificationRequest.of(mutant)))
          .as("byte %d", i)
          .isIn(
              Set.of(
                  Reason.CSR_MALFORMED,
                  Reason.CSR_SIGNATURE_INVALID,
                  Reason.KEY_UNSUITABLE,
                  Reason.IDENTITY_MISSING));
    }
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    assertThat(reasonOf(() -> CertificationRequest.of(longer))).isEqualTo(Reason.CSR_MALFORMED);
  }

  @Test
  void refusesTheSameInAnotherEncoding() throws Exception {
    byte[] der = raw(0, false);
    int header = der[1] == (byte) 0x81 ? 3 : 2;
    ByteArrayOutputStream ber = new ByteArrayOutputStream();
    ber.write(new byte[] {0x30, (byte) 0x83, 0, 0, (byte) (der.length - header)});
    ber.write(der, header, der.length - header);
    assertThat(reasonOf(() -> CertificationRequest.of(ber.toByteArray())))
        .isEqualTo(Reason.CSR_MALFORMED);
  }

  @Test
  void refusesWhatWouldExhaustAParser() throws Exception {
    ByteArrayOutputStream deep = new ByteArrayOutputStream();
    for (int i = 0; i < 1000; i++) {
      deep.write(new byte[] {0x30, (byte) 0x80});
    }
    assertThat(reasonOf(() -> CertificationRequest.of(deep.toByteArray())))
        .isEqualTo(Reason.CSR_MALFORMED);
    byte[] endless = {0x30, (byte) 0x84, 0x7f, -1, -1, -1, 0x02};
    assertThat(reasonOf(() -> CertificationRequest.of(endless))).isEqualTo(Reason.CSR_MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"})
  void isReadFromTextOrAsItIs(String label) throws Exception {
    byte[] der = signed(about("pump-1"));
    String text =
        "-----BEGIN "
            + label
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END "
            + label
            + "-----\n";
    assertThat(Pem.certificationRequest(der)).isEqualTo(der);
    assertThat(Pem.certificationRequest(text.getBytes(US_ASCII))).isEqualTo(der);
    assertThat(Pem.certificationRequest(("Something\nis said of it\n\n" + text).getBytes(US_ASCII)))
        .isEqualTo(der);
    assertThat(reasonOf(() -> Pem.certificationRequest((text + "\nafter").getBytes(US_ASCII))))
        .isEqualTo(Reason.CSR_MALFORMED);
    assertThat(reasonOf(() -> Pem.certificationRequest((text + text).getBytes(US_ASCII))))
        .isEqualTo(Reason.CSR_MALFORMED);
    assertThat(reasonOf(() -> Pem.certificationRequest("hello".getBytes(US_ASCII))))
        .isEqualTo(Reason.CSR_MALFORMED);
  }

  @Test
  @NeedsShared("vectors/est-coaps/b1.der")
  void readsTheRequestOfRfc9148AppendixA2AndRefusesItsKeyWhichIsPrintedThere() throws Exception {
    byte[] der = Files.readAllBytes(Shared.path("vectors/est-coaps/b1.der"));
    assertThat(reasonOf(() -> CertificationRequest.of(der))).isEqualTo(Reason.KEY_PUBLICLY_KNOWN);
    der[der.length - 1] ^= 1;
    assertThat(reasonOf(() -> CertificationRequest.of(der)))
        .isEqualTo(Reason.CSR_SIGNATURE_INVALID);
  }

  private Reason refusalOf(KeyPair other, String algorithm) throws Exception {
    byte[] request =
        signed(
            new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), other.getPublic()),
            other,
            algorithm);
    return reasonOf(() -> CertificationRequest.of(request));
  }

  private PKCS10CertificationRequestBuilder about(String serial) {
    return builder(
        new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.SERIALNUMBER, serial).build());
  }

  private PKCS10CertificationRequestBuilder builder(X500Name subject) {
    return new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic());
  }

  private byte[] signed(PKCS10CertificationRequestBuilder draft) throws Exception {
    return signed(draft, keys, "SHA256withECDSA");
  }

  private static byte[] signed(
      PKCS10CertificationRequestBuilder draft, KeyPair signer, String algorithm)
      throws OperatorCreationException, IOException {
    return draft
        .build(
            new JcaContentSignerBuilder(algorithm)
                .setProvider(EcKeys.BOUNCY_CASTLE)
                .build(signer.getPrivate()))
        .getEncoded();
  }

  /** Put together by hand, because no builder makes these. */
  private byte[] raw(int version, boolean parameters) throws Exception {
    DERSequence info =
        new DERSequence(
            new ASN1Encodable[] {
              new ASN1Integer(version),
              new X500Name("CN=x"),
              SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()),
              new DERTaggedObject(false, 0, new DERSet())
            });
    Signature signing = Signature.getInstance("SHA256withECDSA", EcKeys.BOUNCY_CASTLE);
    signing.initSign(keys.getPrivate());
    signing.update(info.getEncoded());
    AlgorithmIdentifier algorithm =
        parameters
            ? new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256, DERNull.INSTANCE)
            : new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    return new DERSequence(new ASN1Encodable[] {info, algorithm, new DERBitString(signing.sign())})
        .getEncoded();
  }

  private static Extensions names(GeneralNames names) throws IOException {
    ExtensionsGenerator wanted = new ExtensionsGenerator();
    wanted.addExtension(Extension.subjectAlternativeName, false, names);
    return wanted.generate();
  }

  private static ASN1Encodable text(String text) {
    return new DERPrintableString(text);
  }
}
