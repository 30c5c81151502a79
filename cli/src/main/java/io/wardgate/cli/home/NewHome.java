// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.WardgateException;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.ca.HostName;
import io.wardgate.ca.Pem;
import io.wardgate.gateway.StateFolder;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.KeyVault.KeyPairEntry;
import io.wardgate.keys.Pkcs12Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes gateway homes: two authorities, the gateway's own key, a place for its state, a
 * configuration that says what holds.
 *
 * <p>A home is built beside its place and renamed into it: at any crash it is whole or absent, and
 * what may be left behind is a hidden directory that opens nothing. Supports EN 303 645 5.1-1: no
 * key in it is the same in any other home.
 */
public final class NewHome {

  /** Longer than any gateway serves: moving devices to another authority means visiting each. */
  static final Duration AUTHORITY_VALIDITY = Duration.ofDays(20 * 365);

  /** Sensors cannot ask whether a gateway was revoked, so this bounds a stolen gateway key. */
  static final Duration GATEWAY_VALIDITY = Duration.ofDays(5 * 365);

  /** The vault's names for what it holds. */
  static final String DEVICE_AUTHORITY = "device-ca";

  static final String GATEWAY_AUTHORITY = "gateway-ca";
  static final String MANUFACTURER_AUTHORITY = "manufacturer-ca";
  static final String GATEWAY = "gateway";

  private final InstantSource clock;
  private final SecureRandom random;

  /** Homes whose certificates begin by this clock, with keys from this source. */
  public NewHome(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes a home.
   *
   * @param place not there, or an empty directory
   * @param names what devices reach the gateway by; at least one
   * @param unlock where the unlock secret is, or is to be
   * @return the unlock secret's place; the secret itself is cleared
   * @throws WardgateException for an unlock secret that is refused
   * @throws IOException if something is there already, the place is inside another home, the path
   *     is too long, or it cannot be written; then there is no home and no new unlock secret
   */
  public UnlockSecret make(Path place, List<HostName> names, UnlockSource unlock)
      throws IOException, WardgateException {
    HomeSite site = HomeSite.at(place, random);
    Path target = site.target();
    try (UnlockSecret secret = unlock.readOrCreate(target, random)) {
      boolean made = false;
      try {
        site.build(home -> build(home, names, secret, site.target()));
        made = true;
      } catch (IOException e) {
        throw PrivateFiles.naming(target, e);
      } finally {
        if (!made && secret.isNew()) {
          Files.deleteIfExists(secret.place());
        }
      }
      site.settle();
      return secret;
    }
  }

  private void build(GatewayHome home, List<HostName> names, UnlockSecret secret, Path target)
      throws IOException, WardgateException {
    EmbeddedAuthority devices = authority("Wardgate device authority ");
    EmbeddedAuthority gateways = authority("Wardgate gateway authority ");
    KeyPair keys = EcKeys.p256(random);
    X509Certificate certificate = gateways.issueGateway(names, keys.getPublic(), GATEWAY_VALIDITY);
    char[] text = secret.copyOfText();
    try {
      Pkcs12Vault vault = Pkcs12Vault.create(home.vault(), text);
      vault.store(DEVICE_AUTHORITY, devices.entry());
      vault.store(GATEWAY_AUTHORITY, gateways.entry());
      vault.store(GATEWAY, new KeyPairEntry(keys.getPrivate(), List.of(certificate)));
      Files.createDirectory(home.state(), PrivateFiles.DIRECTORY);
      // Here and not when it is first opened: no vault that knows of no state ever stands in a home
      // of ours, so that one can never be put back to have the state made anew.
      StateFolder.open(home.state(), vault, clock, random).close();
    } finally {
      Arrays.fill(text, '\0');
    }
    write(home.deviceCa(), Pem.certificate(devices.certificate()));
    write(home.gatewayCa(), Pem.certificate(gateways.certificate()));
    write(home.configuration(), DefaultConfiguration.text(names.get(0), new GatewayHome(target)));
    write(home.lock(), "");
    DurableFile.forceDirectory(home.directory());
  }

  /** Two homes' authorities must differ in name, or a client that knows both confuses them. */
  private EmbeddedAuthority authority(String name) {
    return EmbeddedAuthority.selfSigned(name + randomHex(), AUTHORITY_VALIDITY, clock, random);
  }

  private String randomHex() {
    byte[] bytes = new byte[4];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void write(Path file, String text) throws IOException {
    PrivateFiles.create(file, text.getBytes(UTF_8));
  }
}
