// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.ca.Pem;
import io.wardgate.cli.home.FactoryIssue;
import io.wardgate.cli.home.GatewayConfig;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.OpenHome;
import io.wardgate.factory.FactoryLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate factory issue}: a credential of its own for each device of a batch. */
@Command(
    name = "issue",
    description =
        "Makes a credential for each device of the open batch. Stopped at any moment it goes on"
            + " where it was; what was handed over once is not made again.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class FactoryIssueCommand extends FactoryStationCommand {

  /** After these no further device of the batch can fare better. */
  private static final Set<Reason> LAST =
      Set.of(
          Reason.BATCH_COUNT_REACHED,
          Reason.BATCH_NOT_OPEN,
          Reason.BATCH_NOT_VALID,
          Reason.STATE_DAMAGED,
          Reason.STATE_ROLLED_BACK,
          Reason.STATE_COPIED,
          Reason.STATE_FULL,
          Reason.STATE_UNAVAILABLE);

  @Option(names = "--batch", required = true, paramLabel = "ID", description = "The open batch.")
  String batch = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR2",
      description = "Gets a directory for each device, named by its serial.")
  Path target = Path.of("");

  @Option(
      names = "--csr",
      paramLabel = "DIR3",
      description =
          "A directory of certification requests (PKCS#10, PEM or DER), each for a key its device"
              + " made and naming the device: cert.pem for each.")
  @Nullable Path requests;

  @Option(
      names = "--serials",
      paramLabel = "FILE",
      description =
          "The serials of devices that make no key, one a line: key.pem and cert.pem for each.")
  @Nullable Path serials;

  @Option(names = "--psk", description = "With --serials: psk.txt instead of a certificate.")
  boolean psk;

  private final List<String> refused = new ArrayList<>();
  private @Nullable Reason first;
  private int issued;
  private int before;

  @Override
  int work(GatewayHome home, OpenHome open, GatewayConfig.Factory factory)
      throws IOException, WardgateException {
    if ((requests == null) == (serials == null) || (psk && serials == null)) {
      throw wrong("either --csr, or --serials with or without --psk");
    }
    FactoryLine line = open.factory(home, factory);
    var unused = line.working(batch);
    FactoryIssue issue = FactoryIssue.into(target, home, line, Wiring.random());
    List<Work> works = serials == null ? ofRequests(requests, issue) : ofSerials(serials, issue);
    Progress progress = new Progress(err(), Wiring.errorsGoToATerminal(), works.size());
    try {
      for (Work work : works) {
        if (!isDone(work)) {
          break;
        }
        progress.step();
      }
    } finally {
      progress.end();
    }
    if (first != null) {
      out().println("REFUSED " + first.code());
      refused.forEach(out()::println);
    }
    out().println("issued " + issued + ", before " + before + ", refused " + refused.size());
    return first == null ? Outcome.DONE : Outcome.REFUSED;
  }

  /** One device. */
  private record Work(String name, Issuing issuing) {}

  /** Issues, and says whether it was not done before. */
  @FunctionalInterface
  private interface Issuing {
    boolean issue() throws IOException, WardgateException;
  }

  private List<Work> ofSerials(Path file, FactoryIssue issue)
      throws IOException, WardgateException {
    List<Work> works = new ArrayList<>();
    for (DeviceId device : Serials.in(file)) {
      works.add(
          new Work(
              device.serial(), () -> psk ? issue.preSharedKey(device) : issue.certificate(device)));
    }
    return works;
  }

  private static List<Work> ofRequests(@Nullable Path directory, FactoryIssue issue)
      throws IOException {
    List<Work> works = new ArrayList<>();
    if (directory == null) {
      return works;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        works.add(new Work(file.getFileName().toString(), () -> issued(file, issue)));
      }
    }
    return works;
  }

  private static boolean issued(Path file, FactoryIssue issue)
      throws IOException, WardgateException {
    CertificationRequest request =
        CertificationRequest.of(Pem.certificationRequest(readUpTo(file, Pem.MAX_BYTES)));
    DeviceId device =
        request
            .serial()
            .map(DeviceId::of)
            .orElseThrow(
                () -> new WardgateException(Reason.IDENTITY_MISSING, "it names no device"));
    return issue.certificate(device, request.key());
  }

  /** Whether it is worth going on. */
  private boolean isDone(Work work) throws IOException {
    try {
      if (work.issuing().issue()) {
        issued++;
      } else {
        before++;
      }
      return true;
    } catch (WardgateException e) {
      first = first == null ? e.reason() : first;
      refused.add(work.name() + " " + e.reason().code());
      return !LAST.contains(e.reason());
    }
  }
}
