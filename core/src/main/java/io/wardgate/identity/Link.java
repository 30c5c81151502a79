// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.KeyFingerprint;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate of a path as revocation sees it. Made once for each path, because it is looked at
 * for every request.
 *
 * @param serial which certificate it is
 * @param key its key
 * @param authority who issued it
 */
record Link(CertificateSerial serial, KeyFingerprint key, Signer authority) {

  /** An authority by name and key: renewed under both, it is the same one. */
  record Signer(String name, KeyFingerprint key) {

    static Signer of(X509Certificate authority) {
      return new Signer(
          CertificateSerial.nameOf(authority.getSubjectX500Principal()),
          KeyFingerprint.of(authority.getPublicKey()));
    }
  }

  /** The links of a path, end entity first. */
  static List<Link> of(List<X509Certificate> path, X509Certificate anchor) {
    List<Link> links = new ArrayList<>(path.size());
    for (int i = 0; i < path.size(); i++) {
      X509Certificate certificate = path.get(i);
      links.add(
          new Link(
              CertificateSerial.of(certificate),
              KeyFingerprint.of(certificate.getPublicKey()),
              Signer.of(i + 1 < path.size() ? path.get(i + 1) : anchor)));
    }
    return List.copyOf(links);
  }
}
