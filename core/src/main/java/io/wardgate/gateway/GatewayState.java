// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.WardgateException;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.FileRegistry;
import java.nio.file.Path;

/**
 * What a gateway must not forget: today its device registry. Nothing is opened before the gateway
 * starts.
 */
public final class GatewayState {

  private final Source source;

  private GatewayState(Source source) {
    this.source = source;
  }

  /** State in files under {@code directory}, which exists, has mode 0700 and one owner process. */
  public static GatewayState at(Path directory) {
    return new GatewayState(() -> FileRegistry.at(directory.resolve("devices")));
  }

  /** A registry the application opened itself, for example shared with its control interface. */
  public static GatewayState with(DeviceRegistry registry) {
    return new GatewayState(() -> registry);
  }

  DeviceRegistry open() throws WardgateException {
    return source.open();
  }

  @FunctionalInterface
  private interface Source {
    DeviceRegistry open() throws WardgateException;
  }
}
