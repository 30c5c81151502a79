// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.registry.Role;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a device is registered for. */
final class RoleOption {

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      converter = OfTheWard.class,
      description =
          "One of: ecg-patch glucose-sensor blood-pressure pulse-oximeter ambulance-monitor"
              + " bedside-monitor infusion-pump asset-tag")
  Role role = Role.ASSET_TAG;

  /** One that a configuration made by {@code init} knows. */
  static final class OfTheWard implements ITypeConverter<Role> {

    @Override
    public Role convert(String name) {
      return Role.OF_THE_WARD.stream()
          .filter(role -> role.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "is one of "
                          + Role.OF_THE_WARD.stream()
                              .map(Role::name)
                              .collect(Collectors.joining(" "))));
    }
  }
}
