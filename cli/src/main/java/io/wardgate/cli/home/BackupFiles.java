// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.WardgateException;
import io.wardgate.ca.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which files of a home go into a backup, in what order, and how large they may be.
 *
 * <p>A running gateway changes them meanwhile, so the order matters. First the counters: what they
 * say was acknowledged is in the journals copied after them, or the copy would look rolled back.
 * Then ledger and audit trail. The vault last: it may then hold a pre-shared key the ledger does
 * not know yet, which opens nothing; the other way round the ledger would know a device whose key
 * is lost, and lock it out.
 *
 * <p>Of the state that is ledger, audit trail and revocations, and no other file. The outbox stays
 * out: its readings are on their way elsewhere, and a copy would outlive their erasure.
 */
final class BackupFiles {

  static final String VAULT = "keys.p12";
  static final String CONFIGURATION = "gateway.toml";

  /** Without these there is no home. */
  static final Set<String> REQUIRED =
      Set.of(VAULT, CONFIGURATION, "device-ca.pem", "gateway-ca.pem");

  private static final String STATE = "state";
  private static final String COUNTER = ".head";

  /** Begins with a letter or digit: neither hidden nor above itself. */
  private static final String PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private static final Pattern CERTIFICATES = Pattern.compile(PART + "\\.pem");
  private static final Pattern IN_STATE =
      Pattern.compile(STATE + "/((ledger|audit)(\\.head|/\\d{20}\\.wgj)|revocations(\\.head)?)");

  private static final long MAX_VAULT_BYTES = 64L << 20;

  /** Far above any segment. */
  private static final long MAX_STATE_BYTES = 128L << 20;

  private BackupFiles() {}

  /** How large a file of that name may be; less than nothing if none has that name. */
  static long mostBytesOf(String name) {
    if (name.equals(VAULT)) {
      return MAX_VAULT_BYTES;
    }
    if (name.equals(CONFIGURATION)) {
      return GatewayConfig.MAX_BYTES;
    }
    if (CERTIFICATES.matcher(name).matches()) {
      return Pem.MAX_BYTES;
    }
    return IN_STATE.matcher(name).matches() ? MAX_STATE_BYTES : -1;
  }

  /** The counters that are there now, to be copied before the rest is looked for. */
  static List<String> counters(GatewayHome home) throws IOException {
    return state(home).stream().filter(name -> name.endsWith(COUNTER)).toList();
  }

  /** What else is there now, in the order it is to be copied. */
  static List<String> others(GatewayHome home) throws IOException {
    List<String> names = new ArrayList<>();
    state(home).stream().filter(name -> !name.endsWith(COUNTER)).forEach(names::add);
    names.add(CONFIGURATION);
    names.addAll(certificates(home));
    names.add(VAULT);
    return names;
  }

  /** The directory a file of a home lies in. */
  static Path directoryOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }

  /** By name: the ledger's segments in the order they were written, and so the audit trail's. */
  private static List<String> state(GatewayHome home) throws IOException {
    List<String> names = new ArrayList<>();
    // Not a walk: that fails at the first file that is gone when it comes to it.
    for (String place : List.of("", "ledger", "audit")) {
      Path directory = home.state().resolve(place);
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        try (Stream<Path> files = Files.list(directory)) {
          files
              .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .map(file -> home.directory().relativize(file).toString())
              .filter(name -> IN_STATE.matcher(name).matches())
              .forEach(names::add);
        }
      }
    }
    names.sort(
        Comparator.comparing((String name) -> !name.startsWith(STATE + "/ledger"))
            .thenComparing(Comparator.naturalOrder()));
    return names;
  }

  /** Also those of other makers' authorities; a file that holds anything else stays out. */
  private static List<String> certificates(GatewayHome home) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(home.directory())) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (CERTIFICATES.matcher(name).matches()
            && Files.isRegularFile(file)
            && (REQUIRED.contains(name) || holdsCertificates(file))) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static boolean holdsCertificates(Path file) throws IOException {
    try {
      return !Pem.certificates(PrivateFiles.readUpTo(file, Pem.MAX_BYTES)).isEmpty();
    } catch (WardgateException e) {
      return false;
    }
  }
}
