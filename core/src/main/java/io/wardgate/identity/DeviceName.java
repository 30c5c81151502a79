// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;

/**
 * Which device a certificate names, by one rule.
 *
 * <ol>
 *   <li>The X.520 {@code serialNumber} of the subject (RFC 7925 section 4.4.2, IEEE 802.1AR), as a
 *       {@code PrintableString}: the serial as it is.
 *   <li>If there is none, the {@code hardwareModuleName} of the subjectAltName (RFC 4108 section
 *       5): {@code hw:}, the type of the hardware, a colon, its number in hexadecimal.
 *   <li>If there is none either, the device URN of the subjectAltName (RFC 9039): {@code dev:} and
 *       what stands behind {@code urn:dev:}.
 * </ol>
 *
 * <p>The first that is there decides, and must be there once only; names of the other kinds are
 * then no names of the device. A serial number that begins like one of the other two is refused, so
 * that no two devices of one authority share a name. Wildcards are refused anywhere. Stateless and
 * thread-safe.
 */
public final class DeviceName {

  private static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");
  private static final String HARDWARE = "hw:";
  private static final String URN = "dev:";
  private static final String DEVICE_URN = "urn:dev:";

  private DeviceName() {}

  /**
   * The serial of the device that {@code leaf} names, or empty if it names none in any of the three
   * ways.
   *
   * @throws WardgateException {@link Reason#IDENTITY_MISSING} if it names several, or one that is
   *     not a {@link DeviceId}
   */
  public static Optional<String> in(X509Certificate leaf) throws WardgateException {
    byte[] extension = leaf.getExtensionValue(Extension.subjectAlternativeName.getId());
    return in(
        leaf.getSubjectX500Principal(),
        Optional.ofNullable(extension)
            .map(wrapped -> ASN1OctetString.getInstance(wrapped).getOctets()));
  }

  /**
   * The serial of the device that a subject and its alternative names name, by the same rule: as a
   * certificate has them, or a request for one.
   *
   * @param alternativeNames the subjectAltName in DER (RFC 5280 section 4.2.1.6), if there is one
   * @throws WardgateException {@link Reason#IDENTITY_MISSING} if they name several, or one that is
   *     not a {@link DeviceId}
   */
  public static Optional<String> in(X500Principal subject, Optional<byte[]> alternativeNames)
      throws WardgateException {
    try {
      Optional<String> found = onlyOf(serialNumbers(subject));
      if (found.filter(s -> s.startsWith(HARDWARE) || s.startsWith(URN)).isPresent()) {
        throw missing("a serial number that reads like another kind of name");
      }
      List<GeneralName> names =
          alternativeNames
              .map(der -> List.of(GeneralNames.getInstance(der).getNames()))
              .orElse(List.of());
      if (names.stream().anyMatch(DeviceName::isWildcard)) {
        throw missing("a wildcard names no device");
      }
      if (found.isEmpty()) {
        found = onlyOf(hardwareModules(names));
      }
      if (found.isEmpty()) {
        found = onlyOf(deviceUrns(names));
      }
      return found.map(serial -> DeviceId.of(serial).serial());
    } catch (IllegalArgumentException e) {
      throw new WardgateException(
          Reason.IDENTITY_MISSING, "the name of the device is not a device serial", e);
    }
  }

  private static List<String> serialNumbers(X500Principal subject) throws WardgateException {
    X500Name name = X500Name.getInstance(subject.getEncoded());
    List<String> serials = new ArrayList<>();
    for (RDN rdn : name.getRDNs(BCStyle.SERIALNUMBER)) {
      if (rdn.isMultiValued()) {
        throw missing("a serial number mixed with something else");
      }
      serials.add(ASN1PrintableString.getInstance(rdn.getFirst().getValue()).getString());
    }
    return serials;
  }

  private static List<String> hardwareModules(List<GeneralName> names) {
    List<String> modules = new ArrayList<>();
    for (GeneralName name : names) {
      if (name.getTagNo() == GeneralName.otherName) {
        OtherName other = OtherName.getInstance(name.getName());
        if (other.getTypeID().equals(HARDWARE_MODULE_NAME)) {
          ASN1Sequence module = ASN1Sequence.getInstance(other.getValue());
          if (module.size() != 2) {
            throw new IllegalArgumentException("not a hardwareModuleName");
          }
          modules.add(
              HARDWARE
                  + ASN1ObjectIdentifier.getInstance(module.getObjectAt(0)).getId()
                  + ":"
                  + HexFormat.of()
                      .formatHex(ASN1OctetString.getInstance(module.getObjectAt(1)).getOctets()));
        }
      }
    }
    return modules;
  }

  private static List<String> deviceUrns(List<GeneralName> names) {
    return names.stream()
        .filter(name -> name.getTagNo() == GeneralName.uniformResourceIdentifier)
        .map(name -> text(name.getName()))
        .filter(uri -> uri.startsWith(DEVICE_URN))
        .map(uri -> URN + uri.substring(DEVICE_URN.length()))
        .toList();
  }

  private static boolean isWildcard(GeneralName name) {
    return name.getTagNo() == GeneralName.dNSName && text(name.getName()).indexOf('*') >= 0;
  }

  private static String text(ASN1Encodable ia5) {
    return ASN1IA5String.getInstance(ia5).getString();
  }

  private static Optional<String> onlyOf(List<String> names) throws WardgateException {
    if (names.size() > 1) {
      throw missing(names.size() + " names of one kind");
    }
    return names.stream().findFirst();
  }

  private static WardgateException missing(String why) {
    return new WardgateException(Reason.IDENTITY_MISSING, why);
  }
}
