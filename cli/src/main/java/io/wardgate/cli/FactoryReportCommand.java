// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.GatewayConfig;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.OpenHome;
import io.wardgate.registry.BatchRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate factory report}: what was issued, beside what was produced. */
@Command(
    name = "report",
    description =
        "Says what of a batch was issued. Beside a list of what was produced it is RECONCILED, or"
            + " each difference is named.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class FactoryReportCommand extends FactoryStationCommand {

  @Option(names = "--batch", required = true, paramLabel = "ID", description = "The batch.")
  String batch = "";

  @Option(
      names = "--produced",
      paramLabel = "FILE",
      description = "The serials that were produced and not scrapped, one a line.")
  @Nullable Path produced;

  @Override
  int work(GatewayHome home, OpenHome open, GatewayConfig.Factory factory)
      throws IOException, WardgateException {
    BatchRecord record =
        open.registry()
            .batch(batch)
            .orElseThrow(() -> new WardgateException(Reason.BATCH_NOT_OPEN, "none of that id"));
    if (produced == null) {
      out().println("batch " + summary(record));
      record.unconfirmed().forEach(device -> out().println("unconfirmed " + device.serial()));
      return Outcome.DONE;
    }
    Set<DeviceId> made = new LinkedHashSet<>(Serials.in(produced));
    Set<String> differences = new TreeSet<>();
    made.stream()
        .filter(device -> !record.issued().contains(device))
        .forEach(device -> differences.add("not issued " + device.serial()));
    record.issued().stream()
        .filter(device -> !made.contains(device))
        .forEach(device -> differences.add("not produced " + device.serial()));
    boolean isReconciled = differences.isEmpty();
    out()
        .println(
            isReconciled
                ? "RECONCILED " + summary(record)
                : "REFUSED " + Reason.BATCH_NOT_RECONCILED.code());
    differences.forEach(out()::println);
    return isReconciled ? Outcome.DONE : Outcome.REFUSED;
  }

  private static String summary(BatchRecord record) {
    return record.batch().id()
        + " "
        + record.batch().model()
        + ", "
        + record.issued().size()
        + " of "
        + record.batch().count()
        + " issued, "
        + record.unconfirmed().size()
        + " unconfirmed, "
        + (record.open() ? "open" : "closed");
  }
}
