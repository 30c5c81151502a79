// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.reading.SenmlDecoder;
import io.wardgate.reading.SenmlFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wardgate reading check}: whether a gateway would take this body, by its own decoder. */
@Command(
    name = "check",
    description = "Says ACCEPTED and how many readings, or REFUSED and why.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ReadingCheckCommand extends SpokenCommand {

  @Parameters(paramLabel = "FILE", description = "The body as a device would post it.")
  Path file = Path.of("");

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "senml+cbor or senml+json")
  String format = "";

  @Override
  public Integer call() throws IOException, WardgateException {
    SenmlFormat known =
        Stream.of(SenmlFormat.values())
            .filter(f -> f.subtype().equals(format))
            .findFirst()
            .orElseThrow(() -> wrong("--format is senml+cbor or senml+json"));
    SenmlDecoder.Limits limits = SenmlDecoder.Limits.DEFAULT;
    int readings =
        new SenmlDecoder(limits)
            .decode(known, readUpTo(file, limits.maxBytes()), Wiring.clock().instant())
            .size();
    out().println("ACCEPTED " + readings + " readings");
    return Outcome.DONE;
  }
}
