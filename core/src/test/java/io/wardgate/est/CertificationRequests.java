// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import java.security.KeyPair;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Requests as devices make them. */
final class CertificationRequests {

  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

  private CertificationRequests() {}

  /** With the names our authority gives. */
  static byte[] of(String serial, KeyPair keys) throws Exception {
    return of(
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.CN, serial)
            .addRDN(BCStyle.SERIALNUMBER, serial)
            .build(),
        keys);
  }

  static byte[] of(X500Name subject, KeyPair keys) throws Exception {
    return new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic())
        .build(
            new JcaContentSignerBuilder("SHA256withECDSA")
                .setProvider(PROVIDER)
                .build(keys.getPrivate()))
        .getEncoded();
  }
}
