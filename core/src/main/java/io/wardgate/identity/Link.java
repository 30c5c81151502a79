// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.KeyFingerprint;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * A certificate of a path as revocation sees it. Made once for each path, because it is looked at
 * for every request.
 *
 * @param serial which certificate it is, by the issuer's name as the certificate spells it
 * @param spelled the same by the name as the authority itself spells it: two tools may encode one
 *     name in two ways
 * @param number its serial number
 * @param key its key
 * @param points the distribution points its lists are found at
 * @param authority who issued it
 * @param former other keys of that authority: what it says with them also revokes, and vouches for
 *     nothing
 */
record Link(
    CertificateSerial serial,
    CertificateSerial spelled,
    BigInteger number,
    KeyFingerprint key,
    Set<GeneralName> points,
    Signer authority,
    List<Signer> former) {

  /** An authority by name and key: renewed under both, it is the same one. */
  record Signer(String name, KeyFingerprint key) {

    static Signer of(X509Certificate authority) {
      return new Signer(
          authority.getSubjectX500Principal().getName(X500Principal.CANONICAL),
          KeyFingerprint.of(authority.getPublicKey()));
    }
  }

  /**
   * The links of a path, end entity first.
   *
   * @param namesakes other anchors that are the same authority by name, purpose and namespace
   */
  static List<Link> of(
      List<X509Certificate> path, X509Certificate anchor, List<X509Certificate> namesakes) {
    List<Link> links = new ArrayList<>(path.size());
    for (int i = 0; i < path.size(); i++) {
      X509Certificate certificate = path.get(i);
      boolean last = i + 1 == path.size();
      X509Certificate authority = last ? anchor : path.get(i + 1);
      links.add(
          new Link(
              CertificateSerial.of(certificate),
              CertificateSerial.of(authority, certificate.getSerialNumber()),
              certificate.getSerialNumber(),
              KeyFingerprint.of(certificate.getPublicKey()),
              pointsOf(certificate),
              Signer.of(authority),
              last ? namesakes.stream().map(Signer::of).toList() : List.of()));
    }
    return List.copyOf(links);
  }

  /**
   * What only Bouncy Castle cannot read names none: then no list that is about some points only is
   * about this certificate.
   */
  private static Set<GeneralName> pointsOf(X509Certificate certificate) {
    byte[] extension = certificate.getExtensionValue(Extension.cRLDistributionPoints.getId());
    Set<GeneralName> names = new HashSet<>();
    if (extension != null) {
      try {
        CRLDistPoint points =
            CRLDistPoint.getInstance(ASN1OctetString.getInstance(extension).getOctets());
        for (DistributionPoint point : points.getDistributionPoints()) {
          DistributionPointName name = point.getDistributionPoint();
          if (name != null
              && name.getType() == DistributionPointName.FULL_NAME
              && point.getReasons() == null
              && point.getCRLIssuer() == null) {
            names.addAll(List.of(GeneralNames.getInstance(name.getName()).getNames()));
          }
        }
      } catch (IllegalArgumentException | IllegalStateException e) {
        return Set.of();
      }
    }
    return names;
  }
}
