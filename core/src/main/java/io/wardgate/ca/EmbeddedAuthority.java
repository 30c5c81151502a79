// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.keys.KeyVault.KeyPairEntry;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * A certificate authority inside the gateway: one self-signed EC P-256 certificate that issues end
 * entity certificates directly.
 *
 * <p>An authority is made for devices or for gateways; a home has one of each, so that a stolen
 * device credential can never play the gateway. Every certificate has a random serial of 128 bits,
 * names its one purpose, begins {@link #BACKDATED} before now, and never outlives its authority.
 * What may be registered is not decided here: a certificate opens nothing until its device is
 * registered. Profile: RFC 7925 section 4.4 on RFC 5280. Thread-safe. Supports EN 303 645 5.1-1 and
 * 5.4-4.
 */
public final class EmbeddedAuthority implements CertificateAuthority {

  /** Sensors and gateways keep time badly; a fresh certificate must not be from the future. */
  public static final Duration BACKDATED = Duration.ofHours(1);

  /** RFC 5280 section 4.1.2.5: no end is known. */
  private static final Instant WITHOUT_END = Instant.parse("9999-12-31T23:59:59Z");

  private final KeyPairEntry entry;
  private final InstantSource clock;
  private final SecureRandom random;

  private EmbeddedAuthority(KeyPairEntry entry, InstantSource clock, SecureRandom random) {
    this.entry = entry;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes an authority with a new key.
   *
   * @param commonName the subject; unlike that of any other authority, or paths become ambiguous
   * @param validity from now on; to the second
   */
  public static EmbeddedAuthority selfSigned(
      String commonName, Duration validity, InstantSource clock, SecureRandom random) {
    var keys = EcKeys.p256(random);
    X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
    Instant now = clock.instant();
    X509Certificate certificate =
        new Issuance(name, name, keys.getPublic(), random)
            .valid(now.minus(BACKDATED), now.plus(validity))
            // No authority below this one: what it issues are end entities.
            .authority(new BasicConstraints(0))
            .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign)
            .signedBy(keys.getPrivate(), keys.getPublic());
    return new EmbeddedAuthority(
        new KeyPairEntry(keys.getPrivate(), List.of(certificate)), clock, random);
  }

  /**
   * An authority made earlier.
   *
   * @param entry its key and its self-signed certificate
   * @throws IllegalArgumentException if the certificate is not an authority's
   */
  public static EmbeddedAuthority of(KeyPairEntry entry, InstantSource clock, SecureRandom random) {
    if (entry.chain().get(0).getBasicConstraints() < 0) {
      throw new IllegalArgumentException("not the certificate of an authority");
    }
    return new EmbeddedAuthority(entry, clock, random);
  }

  /** The authority's own certificate, for whoever is to trust it. */
  @Override
  public X509Certificate certificate() {
    return entry.chain().get(0);
  }

  /** Key and certificate, to be kept in a vault. */
  public KeyPairEntry entry() {
    return entry;
  }

  /**
   * Certifies a device's key, for proving itself to a gateway ({@code clientAuth}) and nothing
   * else. The subject carries the device's serial as X.520 {@code serialNumber}.
   *
   * @param device one of this authority's own namespace, the empty one
   * @param key EC P-256
   * @param validity from now on; shortened if the authority itself ends sooner
   * @throws WardgateException {@link Reason#CERTIFICATE_EXPIRED} or {@link
   *     Reason#CERTIFICATE_NOT_YET_VALID} if the authority is not valid now
   * @throws IllegalArgumentException if the device is of another namespace
   */
  @Override
  public X509Certificate issueDevice(DeviceId device, PublicKey key, Duration validity)
      throws WardgateException {
    return issue(nameOf(device), key, validity, KeyPurposeId.id_kp_clientAuth, List.of());
  }

  /**
   * Certifies a device's key for the device's whole life, as its manufacturer: an IDevID (IEEE
   * 802.1AR). It has no purpose of its own and no end (RFC 5280 section 4.1.2.5: 99991231235959Z),
   * names the device like {@link #issueDevice}, and opens enrolment and nothing else. About 400
   * bytes.
   *
   * @param device one of this authority's own namespace, the empty one
   * @param key EC P-256
   * @param hardwareType the type of a hardwareModuleName to name it by as well (RFC 4108), an
   *     object identifier, whose serial is the device's
   * @throws WardgateException as for {@link #issueDevice}
   * @throws IllegalArgumentException if the device is of another namespace, or the type is no
   *     object identifier
   */
  public X509Certificate issueInitial(DeviceId device, PublicKey key, Optional<String> hardwareType)
      throws WardgateException {
    Issuance issuance = begun(nameOf(device), key, WITHOUT_END).usage(KeyUsage.digitalSignature);
    hardwareType.ifPresent(type -> issuance.hardwareModule(type, device.serial()));
    return issuance.signedBy(signingKey(), certificate().getPublicKey());
  }

  private static X500Name nameOf(DeviceId device) {
    if (!device.namespace().isEmpty()) {
      throw new IllegalArgumentException("a device of another authority's namespace");
    }
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.CN, device.serial())
        .addRDN(BCStyle.SERIALNUMBER, device.serial())
        .build();
  }

  /**
   * Certifies a gateway's key, for proving itself to devices ({@code serverAuth}) and nothing else.
   *
   * @param names DNS names and IP addresses devices reach it by, as subjectAltName; at least one,
   *     the first is also the common name
   * @param key EC P-256
   * @param validity as for {@link #issueDevice}
   * @throws WardgateException as for {@link #issueDevice}
   */
  public X509Certificate issueGateway(List<HostName> names, PublicKey key, Duration validity)
      throws WardgateException {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a gateway needs at least one name");
    }
    X500Name subject =
        new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, names.get(0).commonName()).build();
    return issue(subject, key, validity, KeyPurposeId.id_kp_serverAuth, names);
  }

  private X509Certificate issue(
      X500Name subject,
      PublicKey key,
      Duration validity,
      KeyPurposeId purpose,
      List<HostName> names)
      throws WardgateException {
    Instant end = certificate().getNotAfter().toInstant();
    Instant until = clock.instant().plus(validity);
    return begun(subject, key, until.isAfter(end) ? end : until)
        .usage(KeyUsage.digitalSignature)
        .purpose(purpose)
        .names(names)
        .signedBy(signingKey(), certificate().getPublicKey());
  }

  /** An end entity's, from a while ago. */
  private Issuance begun(X500Name subject, PublicKey key, Instant until) throws WardgateException {
    Instant now = clock.instant();
    X509Certificate own = certificate();
    Instant begin = own.getNotBefore().toInstant();
    Instant end = own.getNotAfter().toInstant();
    if (!now.isBefore(end)) {
      throw new WardgateException(Reason.CERTIFICATE_EXPIRED, "the authority ended at " + end);
    }
    if (now.isBefore(begin)) {
      throw new WardgateException(
          Reason.CERTIFICATE_NOT_YET_VALID, "the authority begins at " + begin);
    }
    Instant from = now.minus(BACKDATED);
    return new Issuance(nameOf(own), subject, key, random)
        .valid(from.isBefore(begin) ? begin : from, until)
        .authority(new BasicConstraints(false));
  }

  private PrivateKey signingKey() {
    return entry.privateKey();
  }

  private static X500Name nameOf(X509Certificate certificate) {
    X500Name name = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    if (name == null) {
      throw new WardgateBug("a certificate without a subject");
    }
    return name;
  }

  /** Names the subject; the key is never printed. */
  @Override
  public String toString() {
    return "EmbeddedAuthority[" + certificate().getSubjectX500Principal() + "]";
  }
}
