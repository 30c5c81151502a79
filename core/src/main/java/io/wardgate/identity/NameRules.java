// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/**
 * Name constraints (RFC 5280 sections 4.2.1.10 and 6.1.4), those of the anchor included, which
 * neither the platform nor Bouncy Castle follows when it validates a path.
 */
final class NameRules {

  private NameRules() {}

  /**
   * Checks every name below a constraint.
   *
   * @param path end entity first
   * @throws WardgateException {@link Reason#NAME_NOT_PERMITTED}
   */
  static void require(List<X509Certificate> path, X509Certificate anchor) throws WardgateException {
    try {
      PKIXNameConstraintValidator rules = new PKIXNameConstraintValidator();
      boolean isConstrained = learn(rules, anchor);
      for (int i = path.size() - 1; i >= 0; i--) {
        X509Certificate certificate = path.get(i);
        boolean isRenewal =
            i > 0
                && certificate
                    .getSubjectX500Principal()
                    .equals(certificate.getIssuerX500Principal());
        if (!isRenewal) {
          check(rules, certificate);
        }
        if (isConstrained && names(certificate).stream().anyMatch(NameRules::isWildcard)) {
          throw new NameConstraintValidatorException("a wildcard could be any name");
        }
        isConstrained |= learn(rules, certificate);
      }
    } catch (NameConstraintValidatorException | RuntimeException e) {
      // A kind of constraint or name the validator does not know is not one it permits.
      throw new WardgateException(
          Reason.NAME_NOT_PERMITTED, "an authority above does not permit a name", e);
    }
  }

  private static void check(PKIXNameConstraintValidator rules, X509Certificate certificate)
      throws NameConstraintValidatorException {
    X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    if (subject.getRDNs().length > 0) {
      rules.checkPermittedDN(subject);
      rules.checkExcludedDN(subject);
    }
    for (RDN rdn : subject.getRDNs(BCStyle.EmailAddress)) {
      // Section 4.2.1.10: an address there is one of the names that constraints are about.
      for (AttributeTypeAndValue part : rdn.getTypesAndValues()) {
        if (part.getType().equals(BCStyle.EmailAddress)) {
          check(
              rules,
              new GeneralName(GeneralName.rfc822Name, IETFUtils.valueToString(part.getValue())));
        }
      }
    }
    for (GeneralName name : names(certificate)) {
      check(rules, name);
    }
  }

  private static List<GeneralName> names(X509Certificate certificate) {
    byte[] names = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
    return names == null ? List.of() : List.of(GeneralNames.getInstance(content(names)).getNames());
  }

  private static boolean isWildcard(GeneralName name) {
    return name.getTagNo() == GeneralName.dNSName && text(name).indexOf('*') >= 0;
  }

  private static String text(GeneralName name) {
    return ASN1IA5String.getInstance(name.getName()).getString();
  }

  private static void check(PKIXNameConstraintValidator rules, GeneralName name)
      throws NameConstraintValidatorException {
    rules.checkPermitted(name);
    rules.checkExcluded(name);
  }

  /** Whether there was anything to learn. */
  private static boolean learn(PKIXNameConstraintValidator rules, X509Certificate authority)
      throws NameConstraintValidatorException {
    byte[] extension = authority.getExtensionValue(Extension.nameConstraints.getId());
    if (extension == null) {
      return false;
    }
    NameConstraints constraints = NameConstraints.getInstance(content(extension));
    GeneralSubtree[] permitted = constraints.getPermittedSubtrees();
    GeneralSubtree[] excluded = constraints.getExcludedSubtrees();
    if (permitted == null && excluded == null) {
      throw new NameConstraintValidatorException("constraints that constrain nothing");
    }
    if (permitted != null) {
      requireWhole(permitted);
      rules.intersectPermittedSubtree(permitted);
    }
    if (excluded != null) {
      requireWhole(excluded);
      for (GeneralSubtree subtree : excluded) {
        rules.addExcludedSubtree(subtree);
      }
    }
    return true;
  }

  /** RFC 5280 has no use for a minimum or maximum, and nobody agrees on what they would mean. */
  private static void requireWhole(GeneralSubtree[] subtrees)
      throws NameConstraintValidatorException {
    for (GeneralSubtree subtree : subtrees) {
      if (subtree.getMinimum().signum() != 0 || subtree.getMaximum() != null) {
        throw new NameConstraintValidatorException("a subtree with a minimum or maximum");
      }
      GeneralName base = subtree.getBase();
      if (base.getTagNo() == GeneralName.dNSName && text(base).startsWith(".")) {
        throw new NameConstraintValidatorException("a DNS constraint that begins with a dot");
      }
    }
  }

  private static byte[] content(byte[] extensionValue) {
    return ASN1OctetString.getInstance(extensionValue).getOctets();
  }
}
