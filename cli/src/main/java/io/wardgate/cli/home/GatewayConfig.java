// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.access.AccessPolicy;
import io.wardgate.ca.HostName;
import io.wardgate.gateway.Limits;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.PreSharedKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code gateway.toml} says, checked whole: what it holds is valid and the files it names were
 * read.
 *
 * <p>Unknown keys, wrong types and values out of range are refused together, each with its line.
 * There is no key that holds a secret. Immutable.
 *
 * @param name what devices call this gateway
 * @param address the one address to listen on, or all
 * @param port 0 lets the system choose
 * @param anchors who vouches for devices
 * @param preSharedKeys whether devices with pre-shared keys come in
 * @param access what each role may do
 * @param readings the file readings go to
 * @param limits how much work is taken on at once
 * @param factory what this station of a production site is, if it is one
 * @param enrolment whose devices are enrolled here, if any are
 */
public record GatewayConfig(
    HostName name,
    Optional<InetAddress> address,
    int port,
    List<Anchor> anchors,
    boolean preSharedKeys,
    AccessPolicy access,
    Path readings,
    Limits limits,
    Optional<Factory> factory,
    Optional<Enrolment> enrolment) {

  /** A hundred roles with a hundred rules fit; nothing that grows belongs in this file. */
  static final int MAX_BYTES = 64 * 1024;

  /** Copies the lists. */
  public GatewayConfig {
    anchors = List.copyOf(anchors);
  }

  /**
   * Reads the configuration of a home.
   *
   * @throws InvalidConfigException with every problem found
   * @throws IOException if the file cannot be read
   */
  public static GatewayConfig of(GatewayHome home) throws IOException, InvalidConfigException {
    byte[] content = PrivateFiles.readUpTo(home.configuration(), MAX_BYTES);
    if (content.length > MAX_BYTES) {
      throw new InvalidConfigException(
          List.of(new ConfigProblem(1, 1, "more than " + MAX_BYTES + " bytes")));
    }
    try {
      return parse(UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString(), home);
    } catch (CharacterCodingException e) {
      throw new InvalidConfigException(List.of(new ConfigProblem(1, 1, "not UTF-8 text")));
    }
  }

  static GatewayConfig parse(String text, GatewayHome home) throws InvalidConfigException {
    return new ConfigReader(home).read(text);
  }

  /**
   * What devices are believed.
   *
   * @param keys where pre-shared keys lie, if they are allowed
   */
  public DeviceTrust trust(PreSharedKeys keys) {
    DeviceTrust trust = preSharedKeys ? DeviceTrust.ofPreSharedKeys(keys) : null;
    for (Anchor anchor : anchors) {
      for (X509Certificate certificate : anchor.certificates()) {
        DeviceTrust more = DeviceTrust.anchoredAt(anchor.namespace(), certificate);
        trust = trust == null ? more : trust.and(more);
      }
    }
    for (X509Certificate maker : enrolment.map(Enrolment::manufacturer).orElse(List.of())) {
      DeviceTrust more = DeviceTrust.manufacturer("", maker);
      trust = trust == null ? more : trust.and(more);
    }
    if (trust == null) {
      throw new IllegalStateException("a configuration without trust was taken");
    }
    return trust;
  }

  /**
   * A station of a production site.
   *
   * @param station its name
   * @param authoriser who may authorise batches
   * @param hardwareType the object identifier of the type in hardware module names, if devices are
   *     named by one as well
   */
  public record Factory(
      String station, X509Certificate authoriser, Optional<String> hardwareType) {}

  /**
   * Whose devices are enrolled here, and for how long.
   *
   * @param manufacturer the authorities that vouch for what it made, at least one
   * @param validity of what they are given
   */
  public record Enrolment(List<X509Certificate> manufacturer, Duration validity) {

    /** Copies the list. */
    public Enrolment {
      manufacturer = List.copyOf(manufacturer);
    }
  }

  /**
   * Authorities that vouch for devices of one namespace.
   *
   * @param namespace empty for the gateway's own
   * @param certificates at least one
   */
  public record Anchor(String namespace, List<X509Certificate> certificates) {

    /** Copies the list. */
    public Anchor {
      certificates = List.copyOf(certificates);
    }
  }
}
