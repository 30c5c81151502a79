// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.registry.Cause;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Why a device is taken out of service. */
final class CauseOption {

  @Option(
      names = "--cause",
      paramLabel = "CAUSE",
      converter = Named.class,
      description =
          "One of: lost stolen compromised cloned replaced maintenance. The ledger and the audit"
              + " trail keep it.")
  Cause cause = Cause.UNSPECIFIED;

  /** What nobody says has no word. */
  static final class Named implements ITypeConverter<Cause> {

    @Override
    public Cause convert(String code) {
      return Cause.of(code)
          .filter(cause -> cause != Cause.UNSPECIFIED)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "is one of "
                          + Arrays.stream(Cause.values())
                              .filter(cause -> cause != Cause.UNSPECIFIED)
                              .map(Cause::code)
                              .collect(Collectors.joining(" "))));
    }
  }
}
