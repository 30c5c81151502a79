// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.Pem;
import io.wardgate.identity.VerifiedChain;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code wardgate peer check}: whether a chain would be let in, by the verifier of gateways and
 * devices. What is registered in a home plays no part.
 */
@Command(
    name = "check",
    description = {
      "Says ACCEPTED and the device a certificate chain names, or REFUSED and why.",
      "Of a gateway's chain the subject is said.",
      "With --batch it reads one case a line from standard input and answers each with a line,",
      "the case's id first; a device's chain that holds and names no device is said by its",
      "subject."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class PeerCheckCommand extends SpokenCommand {

  /** A case with a dozen certificates is 20 kB; beyond this nothing is kept in memory. */
  private static final int MAX_LINE = 16 << 20;

  private static final int MAX_FILE = 8 << 20;

  @Option(names = "--anchors", paramLabel = "FILE", description = "Authorities to trust, in PEM.")
  @Nullable Path anchors;

  @Option(
      names = "--intermediates",
      paramLabel = "FILE",
      description = "Authorities the operator holds, to complete a chain; in PEM.")
  @Nullable Path intermediates;

  @Option(
      names = "--crl",
      paramLabel = "FILE",
      description = {
        "A revocation list, in PEM or DER; once for each.",
        "If there is one, the authority of the end entity must have given one."
      })
  List<Path> crls = new ArrayList<>();

  @Option(names = "--chain", paramLabel = "FILE", description = "The chain, leaf first; in PEM.")
  @Nullable Path chain;

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description = "The moment it is judged at: 2026-11-26T12:00:00Z")
  @Nullable String at;

  @Option(
      names = "--purpose",
      paramLabel = "PURPOSE",
      description = "device, enrolment (a manufacturer's IDevID) or gateway")
  @Nullable String purpose;

  @Option(
      names = "--batch",
      description = {
        "Reads lines of JSON:",
        "{\"id\",\"anchors\":[pem],\"intermediates\":[pem],\"crls\":[pem],\"chain\":[pem],"
            + "\"at\",\"purpose\"}"
      })
  boolean batch;

  @Override
  public Integer call() throws IOException, WardgateException {
    if (batch) {
      if (anchors != null || chain != null || at != null || purpose != null) {
        throw wrong("with --batch all else comes from standard input");
      }
      return answerAll(System.in);
    }
    PeerCase asked = asked();
    VerifiedChain verified = asked.verify();
    if (asked.purpose() == PeerCase.Purpose.GATEWAY) {
      out().println("ACCEPTED " + PeerCase.subjectOf(verified));
    } else {
      out()
          .println(
              "ACCEPTED "
                  + asked
                      .deviceOf(verified)
                      .orElseThrow(
                          () ->
                              new WardgateException(
                                  Reason.IDENTITY_MISSING, "the chain holds and names no device")));
    }
    return Outcome.DONE;
  }

  private PeerCase asked() throws IOException, WardgateException {
    if (anchors == null || chain == null || at == null || purpose == null) {
      throw wrong("--anchors, --chain, --at and --purpose are required, or --batch");
    }
    List<byte[]> lists = new ArrayList<>();
    for (Path crl : crls) {
      lists.add(Pem.revocationList(readUpTo(crl, MAX_FILE)));
    }
    PeerCase.Purpose known =
        PeerCase.Purpose.of(purpose)
            .orElseThrow(() -> wrong("--purpose is one of " + PeerCase.Purpose.NAMES));
    try {
      return new PeerCase(
          certificates(anchors),
          intermediates == null ? List.of() : certificates(intermediates),
          lists,
          certificates(chain),
          PeerCaseReader.instant(at),
          known);
    } catch (WardgateException e) {
      if (e.reason() == Reason.INPUT_INVALID) {
        throw wrong("--at: " + e.getMessage());
      }
      throw e;
    }
  }

  private static List<X509Certificate> certificates(Path file)
      throws IOException, WardgateException {
    return Pem.certificates(readUpTo(file, MAX_FILE));
  }

  /** Answers every line, in order, each before the next is read. */
  private int answerAll(InputStream in) throws IOException {
    InputStream lines = new BufferedInputStream(in);
    for (byte[] line = nextLine(lines); line != null; line = nextLine(lines)) {
      if (line.length > 0) {
        out().println(answer(line));
        out().flush();
      }
    }
    return Outcome.DONE;
  }

  private static String answer(byte[] line) {
    PeerCaseReader reader = new PeerCaseReader();
    try {
      if (line.length > MAX_LINE) {
        throw new WardgateException(Reason.INPUT_INVALID, "more than " + MAX_LINE + " bytes");
      }
      PeerCase asked = reader.read(line);
      VerifiedChain verified = asked.verify();
      return reader.id()
          + " ACCEPTED "
          + asked
              .deviceOf(verified)
              .map(Object::toString)
              .orElseGet(() -> PeerCase.subjectOf(verified));
    } catch (WardgateException e) {
      return reader.id() + " REFUSED " + e.reason().code();
    }
  }

  /** The next line without its end, at most one byte more than it may have; null at the end. */
  private static byte @Nullable [] nextLine(InputStream in) throws IOException {
    int c = in.read();
    if (c < 0) {
      return null;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (; c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r' && line.size() <= MAX_LINE) {
        line.write(c);
      }
    }
    return line.toByteArray();
  }
}
