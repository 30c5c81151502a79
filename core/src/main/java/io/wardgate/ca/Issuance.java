// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import io.wardgate.WardgateBug;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** One certificate while it is made. Used once, by one thread. */
final class Issuance {

  private static final int SERIAL_BITS = 128;
  private static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");

  private final X500Name issuer;
  private final X500Name subject;
  private final PublicKey key;
  private final SecureRandom random;
  private final ExtensionsGenerator extensions = new ExtensionsGenerator();
  private Instant from = Instant.EPOCH;
  private Instant until = Instant.EPOCH;
  private boolean forAuthority;

  Issuance(X500Name issuer, X500Name subject, PublicKey key, SecureRandom random) {
    this.issuer = issuer;
    this.subject = subject;
    this.key = key;
    this.random = random;
  }

  Issuance valid(Instant notBefore, Instant notAfter) {
    from = notBefore.truncatedTo(ChronoUnit.SECONDS);
    until = notAfter.truncatedTo(ChronoUnit.SECONDS);
    return this;
  }

  Issuance authority(BasicConstraints constraints) {
    forAuthority = constraints.isCA();
    return with(Extension.basicConstraints, true, constraints);
  }

  Issuance usage(int bits) {
    return with(Extension.keyUsage, true, new KeyUsage(bits));
  }

  Issuance purpose(KeyPurposeId purpose) {
    return with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
  }

  /** RFC 4108 section 5. */
  Issuance hardwareModule(String type, String serial) {
    ASN1EncodableVector module = new ASN1EncodableVector();
    module.add(new ASN1ObjectIdentifier(type));
    module.add(new DEROctetString(serial.getBytes(StandardCharsets.US_ASCII)));
    OtherName name = new OtherName(HARDWARE_MODULE_NAME, new DERSequence(module));
    return with(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.otherName, name)));
  }

  Issuance names(List<HostName> names) {
    return names.isEmpty()
        ? this
        : with(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                names.stream().map(HostName::generalName).toArray(GeneralName[]::new)));
  }

  X509Certificate signedBy(PrivateKey issuerKey, PublicKey issuerPublicKey) {
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      if (forAuthority) {
        with(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
      } else {
        // End entities carry no subject key identifier: RFC 7925 profile, and bytes on the air.
        with(
            Extension.authorityKeyIdentifier,
            false,
            identifiers.createAuthorityKeyIdentifier(issuerPublicKey));
      }
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer, serial(), Date.from(from), Date.from(until), subject, key);
      var made = extensions.generate();
      for (ASN1ObjectIdentifier id : made.getExtensionOIDs()) {
        builder.addExtension(made.getExtension(id));
      }
      byte[] encoded =
          builder
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .setProvider(EcKeys.BOUNCY_CASTLE)
                      .setSecureRandom(random)
                      .build(issuerKey))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509", "SUN")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new WardgateBug("a certificate of ours does not encode", e);
    }
  }

  /** Positive and never zero (RFC 5280 section 4.1.2.2); unique by chance alone. */
  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
  }

  private Issuance with(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
    try {
      extensions.addExtension(id, critical, value);
      return this;
    } catch (IOException e) {
      throw new WardgateBug("an extension of ours does not encode", e);
    }
  }
}
