// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.audit.AuditFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate audit export}: every event of the audit trail. */
@Command(
    name = "export",
    description = {
      "Writes a line for each security event, as JSON or as syslog. Reads beside a running"
          + " gateway.",
      StateExportCommand.UNSOUND
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class AuditExportCommand extends StateExportCommand {

  @Option(names = "--format", paramLabel = "FORMAT", description = "jsonl (the default) or rfc5424")
  String format = "jsonl";

  @Option(
      names = "--hostname",
      paramLabel = "NAME",
      description = "What rfc5424 lines name as the host. Default: -")
  String hostname = "-";

  @Override
  Exporting exporting() {
    AuditFormat chosen = format();
    return (state, out) -> state.exportAudit(chosen, out);
  }

  private AuditFormat format() {
    try {
      return switch (format) {
        case "jsonl" -> AuditFormat.JSON_LINES;
        case "rfc5424" -> AuditFormat.rfc5424(hostname);
        default -> throw wrong("--format is jsonl or rfc5424");
      };
    } catch (IllegalArgumentException e) {
      throw wrong("--hostname is 1 to 255 printable ASCII characters without a space");
    }
  }
}
