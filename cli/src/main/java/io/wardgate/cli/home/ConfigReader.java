// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.ca.HostName;
import io.wardgate.ca.Pem;
import io.wardgate.exchange.Method;
import io.wardgate.gateway.Limits;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/** Reads one configuration and gathers everything that is wrong with it. Used once. */
final class ConfigReader {

  /** The parser recurses into brackets; no configuration nests more than a handful. */
  private static final int MAX_BRACKETS = 512;

  private static final int MAX_PROBLEMS = 50;
  private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9][0-9]*)){1,20}");
  private static final String SERVED = "POST /vitals";

  private final GatewayHome home;
  private final List<ConfigProblem> problems = new ArrayList<>();

  ConfigReader(GatewayHome home) {
    this.home = home;
  }

  GatewayConfig read(String text) throws InvalidConfigException {
    long brackets = text.chars().filter(c -> c == '[' || c == '{').count();
    if (brackets > MAX_BRACKETS) {
      problems.add(new ConfigProblem(1, 1, "more than " + MAX_BRACKETS + " brackets"));
      throw refused();
    }
    TomlParseResult parsed = parse(text);
    // The parser's own messages quote the file, which may hold what nobody should see.
    parsed
        .errors()
        .forEach(
            error ->
                problems.add(
                    new ConfigProblem(
                        error.position().line(), error.position().column(), "not valid TOML")));
    if (!problems.isEmpty()) {
      throw refused();
    }
    GatewayConfig config = read(new ConfigTable(parsed, TomlPosition.positionAt(1, 1), problems));
    if (!problems.isEmpty()) {
      throw refused();
    }
    return config;
  }

  private TomlParseResult parse(String text) throws InvalidConfigException {
    try {
      return Toml.parse(text);
    } catch (RuntimeException | AssertionError e) {
      // tomlj 2.2.0 fails an assertion of its own on some input that is no TOML.
      problems.add(new ConfigProblem(1, 1, "not valid TOML"));
      throw refused();
    }
  }

  private GatewayConfig read(ConfigTable root) {
    if (!root.has("version")) {
      root.problem("version = 1 is required");
    }
    root.number("version", 1, 1, 1);
    ConfigTable gateway = section(root, "gateway");
    ConfigTable listen = section(root, "listen");
    ConfigTable trust = section(root, "trust");
    ConfigTable limits = section(root, "limits");
    GatewayConfig config =
        new GatewayConfig(
            name(gateway),
            address(listen),
            listen.number("port", 5684, 0, 65_535),
            anchors(trust),
            trust.flag("pre-shared-keys").orElse(true),
            access(section(root, "access")),
            readings(root),
            new Limits(
                limits.number("outstanding-per-device", 8, 1, 256),
                limits.number("outstanding-in-total", 1024, 1, 65_536),
                limits.number("handler-threads", 4, 1, 64),
                Duration.ofSeconds(limits.number("retry-after-seconds", 2, 1, 3600))),
            root.table("factory").flatMap(this::factory),
            root.table("enrolment").flatMap(this::enrolment));
    if (config.anchors().isEmpty() && !config.preSharedKeys()) {
      trust.problem("nobody is trusted: an anchor or pre-shared keys are required");
    } else if (config.enrolment().isPresent() && !hasOwnAnchor(config)) {
      trust.problem(
          "who is enrolled here has no way in: device-ca.pem is no anchor of the empty namespace");
    } else if (problems.isEmpty()) {
      requireTrustThatHolds(config, trust);
    }
    List.of(gateway, listen, trust, limits, root).forEach(ConfigTable::refuseTheRest);
    return config;
  }

  /** Anchors may each be sound and yet not stand side by side. */
  private static void requireTrustThatHolds(GatewayConfig config, ConfigTable trust) {
    try {
      config.trust(identity -> Optional.empty());
    } catch (IllegalArgumentException e) {
      trust.problem("these anchors cannot stand together: " + e.getMessage());
    }
  }

  private Optional<GatewayConfig.Factory> factory(ConfigTable factory) {
    Optional<String> station = factory.string("station");
    Optional<String> file = factory.string("authoriser");
    Optional<String> type = factory.string("hardware-type");
    factory.refuseTheRest();
    if (station.isEmpty() || file.isEmpty()) {
      factory.problem("station and authoriser are required: a name, and a PEM file");
      return Optional.empty();
    }
    if (type.filter(oid -> oid.length() > 64 || !OID.matcher(oid).matches()).isPresent()) {
      factory.problem("hardware-type", "hardware-type is an object identifier");
      return Optional.empty();
    }
    return certificateIn(factory, "authoriser", file.get())
        .map(authoriser -> new GatewayConfig.Factory(station.get(), authoriser, type));
  }

  private Optional<GatewayConfig.Enrolment> enrolment(ConfigTable enrolment) {
    Optional<String> file = enrolment.string("manufacturer");
    int days = enrolment.number("validity-days", 1095, 1, 3650);
    enrolment.refuseTheRest();
    if (file.isEmpty()) {
      enrolment.problem("manufacturer is required: a PEM file");
      return Optional.empty();
    }
    List<X509Certificate> makers = anchorsIn(enrolment, "manufacturer", file.get());
    return makers.isEmpty()
        ? Optional.empty()
        : Optional.of(new GatewayConfig.Enrolment(makers, Duration.ofDays(days)));
  }

  private boolean hasOwnAnchor(GatewayConfig config) {
    List<X509Certificate> own = certificatesOf(home.deviceCa());
    return config.anchors().stream()
        .filter(anchor -> anchor.namespace().isEmpty())
        .anyMatch(anchor -> anchor.certificates().stream().anyMatch(own::contains));
  }

  private Optional<X509Certificate> certificateIn(ConfigTable entry, String key, String file) {
    try {
      List<X509Certificate> certificates =
          Pem.certificates(PrivateFiles.readUpTo(home.directory().resolve(file), Pem.MAX_BYTES));
      if (certificates.size() == 1) {
        return Optional.of(certificates.get(0));
      }
      entry.problem(key, "the file holds more than one certificate");
    } catch (IOException | InvalidPathException e) {
      entry.problem(key, "the file cannot be read");
    } catch (WardgateException e) {
      entry.problem(key, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private static ConfigTable section(ConfigTable root, String name) {
    return root.table(name).orElseGet(root::absent);
  }

  private static HostName name(ConfigTable gateway) {
    Optional<String> text = gateway.string("name");
    try {
      return new HostName(text.orElse("localhost"));
    } catch (IllegalArgumentException e) {
      gateway.problem("name", "name is a DNS name or an IP address");
      return new HostName("localhost");
    }
  }

  private static Optional<InetAddress> address(ConfigTable listen) {
    String text = listen.string("address").orElse("*");
    if (text.equals("*")) {
      return Optional.empty();
    }
    try {
      if (new HostName(text).isAddress()) {
        return Optional.of(InetAddress.getByName(text));
      }
    } catch (IllegalArgumentException | UnknownHostException e) {
      // Reported below, as is a name: names are not resolved here.
    }
    listen.problem("address", "address is one IP address, or \"*\"");
    return Optional.empty();
  }

  private List<GatewayConfig.Anchor> anchors(ConfigTable trust) {
    List<GatewayConfig.Anchor> anchors = new ArrayList<>();
    Set<String> namespaces = new HashSet<>();
    Set<X509Certificate> known = new HashSet<>(certificatesOf(home.gatewayCa()));
    for (ConfigTable entry : trust.tables("anchors")) {
      String namespace = entry.string("namespace").orElse("");
      Optional<String> file = entry.string("certificates");
      entry.refuseTheRest();
      if (!entry.has("certificates")) {
        entry.problem("certificates is required: a PEM file");
      } else if (!isNamespace(namespace)) {
        entry.problem("namespace", "namespace is up to 63 lower-case letters, digits, - and .");
      } else if (!namespaces.add(namespace)) {
        entry.problem("namespace", "the namespace is there already");
      } else if (file.isPresent()) {
        List<X509Certificate> certificates = anchorsIn(entry, "certificates", file.get());
        for (X509Certificate certificate : certificates) {
          if (!known.add(certificate)) {
            entry.problem(
                "certificates",
                "an authority vouches for one namespace, and the gateway's own for no device");
          }
        }
        anchors.add(new GatewayConfig.Anchor(namespace, certificates));
      }
    }
    return anchors;
  }

  private List<X509Certificate> anchorsIn(ConfigTable entry, String key, String file) {
    try {
      List<X509Certificate> certificates =
          Pem.certificates(PrivateFiles.readUpTo(home.directory().resolve(file), Pem.MAX_BYTES));
      if (certificates.stream().anyMatch(c -> c.getBasicConstraints() < 0)) {
        entry.problem(key, "the file holds a certificate that is no authority's");
      }
      return certificates;
    } catch (IOException | InvalidPathException e) {
      entry.problem(key, "the file cannot be read");
    } catch (WardgateException e) {
      entry.problem(key, String.valueOf(e.getMessage()));
    }
    return List.of();
  }

  private static List<X509Certificate> certificatesOf(Path file) {
    try {
      return Pem.certificates(PrivateFiles.readUpTo(file, Pem.MAX_BYTES));
    } catch (IOException | WardgateException e) {
      return List.of();
    }
  }

  private static AccessPolicy access(ConfigTable access) {
    AccessPolicy policy = AccessPolicy.denyAll();
    for (String key : access.keys()) {
      List<String> permissions = access.strings(key);
      try {
        Role role = Role.of(key);
        for (String permission : permissions) {
          if (permission.equals(SERVED)) {
            policy = policy.allow(role, Method.POST, "/vitals");
          } else {
            access.problem(key, "what can be allowed is \"" + SERVED + "\"");
          }
        }
      } catch (IllegalArgumentException e) {
        access.problem(key, "a role is a kebab-case word of at most 40 characters");
      }
    }
    return policy;
  }

  private Path readings(ConfigTable root) {
    List<ConfigTable> uplinks = root.tables("uplinks");
    if (uplinks.size() != 1) {
      root.problem("uplinks", "exactly one uplink is required");
    }
    Path readings = home.readings();
    for (ConfigTable uplink : uplinks) {
      Optional<String> kind = uplink.string("kind");
      if (!uplink.has("kind") || kind.filter(k -> !k.equals("file")).isPresent()) {
        uplink.problem("kind = \"file\" is required: there is no other kind yet");
      }
      Optional<String> path = uplink.string("path");
      if (!uplink.has("path") || path.filter(String::isBlank).isPresent()) {
        uplink.problem("path is required: a file");
      }
      uplink.refuseTheRest();
      try {
        readings = home.directory().resolve(path.orElse(home.readingsName()));
        if (home.isOwn(readings)) {
          uplink.problem("path", "path is a file of the home's own: readings would destroy it");
        }
      } catch (IOException | InvalidPathException e) {
        uplink.problem("path", "path is not one");
      }
    }
    return readings;
  }

  private static boolean isNamespace(String namespace) {
    try {
      return new DeviceId(namespace, "0").namespace().equals(namespace);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private InvalidConfigException refused() {
    return new InvalidConfigException(
        problems.stream()
            .sorted(
                Comparator.comparingInt(ConfigProblem::line)
                    .thenComparingInt(ConfigProblem::column))
            .distinct()
            .limit(MAX_PROBLEMS)
            .toList());
  }
}
