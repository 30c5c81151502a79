// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.ca.HostName;
import io.wardgate.registry.Role;
import java.util.stream.Collectors;

/**
 * The configuration a new home begins with: every key, with the value that would hold without it.
 */
final class DefaultConfiguration {

  private DefaultConfiguration() {}

  static String text(HostName name, GatewayHome home) {
    return """
    # Wardgate gateway. `wardgate config check --home DIR` says whether this file holds.
    # Unknown keys are refused. No secret belongs here: keys lie in the vault (keys.p12).

    version = 1

    [gateway]
    # What devices call this gateway; one of the names `init` put into its certificate.
    name = "NAME"

    [listen]
    # One IP address of this host, or "*" for all of them.
    address = "*"
    # 0 lets the system choose; the line `listening coaps://...` tells which.
    port = 5684

    [trust]
    # Whether devices issued with `--psk` may come in.
    pre-shared-keys = true

    # Who vouches for devices. The empty namespace is this gateway's own authority; each other
    # maker's authority gets a namespace of its own: its pump-0042 is then acme/pump-0042.
    [[trust.anchors]]
    namespace = ""
    certificates = "device-ca.pem"

    # What each role may do. What is not here is refused.
    [access]
    ROLES
    # Where readings go. They are acknowledged to the device once they are safe there. They lie
    # there in plain text, so it is beside the home, not in it.
    [[uplinks]]
    kind = "file"
    path = "../READINGS"

    [limits]
    # Requests one device may have unanswered at once (1 to 256).
    outstanding-per-device = 8
    # Requests all devices may have unanswered at once (1 to 65536).
    outstanding-in-total = 1024
    # Threads that work on requests (1 to 64).
    handler-threads = 4
    # What a device is asked to wait when a limit is reached (1 to 3600).
    retry-after-seconds = 2
    """
        .replace("NAME", name.text())
        .replace("READINGS", escaped(home.readingsName()))
        .replace(
            "ROLES\n",
            Role.OF_THE_WARD.stream()
                .map(role -> role + " = [\"POST /vitals\"]\n")
                .collect(Collectors.joining("", "", "\n")));
  }

  /** For a basic string of TOML, section "String": quotes, backslashes and controls are escaped. */
  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
              } else if (c < ' ' || c == 0x7f) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.append((char) c);
              }
            });
    return out.toString();
  }
}
